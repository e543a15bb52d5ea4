/**
 * Where the stages of the flow stand, from left to right.
 *
 * @typedef {"tokens" | "embedding" | "resid_pre" | "ln_1" | "query_key" | "attention_pattern" | "value" | "fan"
 *   | "head_output" | "attn_out" | "resid_mid" | "ln_2" | "mlp_post" | "mlp_out" | "resid_post" | "blocks" | "next"} ColumnName
 * @typedef {{x: number, width: number}} Span in px
 * @typedef {{columns: Partial<Record<ColumnName, Span>>, frame: Span, card: Span, width: number}} ColumnLayout
 *   `frame` holds the block, `card` the head. A column that has no room is absent.
 */

/**
 * Least width, share of what is left over, gap after it; `drop` says which go first where there is no room.
 * @type {{name: ColumnName, px: number, grow: number, gap: number, drop?: number}[]}
 */
const PARTS = [
  { name: "tokens", px: 74, grow: 0.8, gap: 10 },
  { name: "embedding", px: 66, grow: 1.2, gap: 44 },
  { name: "resid_pre", px: 44, grow: 0.8, gap: 16 },
  { name: "ln_1", px: 38, grow: 0.6, gap: 14, drop: 4 },
  { name: "query_key", px: 44, grow: 0.6, gap: 22 },
  { name: "attention_pattern", px: 140, grow: 1.6, gap: 10 },
  { name: "value", px: 40, grow: 0.5, gap: 0 },
  { name: "fan", px: 70, grow: 1.4, gap: 0 },
  { name: "head_output", px: 28, grow: 0.3, gap: 38 },
  { name: "attn_out", px: 38, grow: 0.6, gap: 20, drop: 2 },
  { name: "resid_mid", px: 42, grow: 0.6, gap: 14 },
  { name: "ln_2", px: 36, grow: 0.5, gap: 18, drop: 3 },
  { name: "mlp_post", px: 56, grow: 1.2, gap: 22 },
  { name: "mlp_out", px: 38, grow: 0.6, gap: 20, drop: 1 },
  { name: "resid_post", px: 42, grow: 0.6, gap: 26 },
  { name: "blocks", px: 106, grow: 0.8, gap: 28 },
  { name: "next", px: 186, grow: 1.4, gap: 0 },
];
const FRAME_PADDING = 12;
const CARD_PADDING = 10;
/** Narrower than this the flow is told as a story, stage after stage. */
export const STORY_BELOW_PX = 920;
// The first to go stand for what the ribbons show as well. The layer norms go only when all is much narrower than it should be.
const NARROWEST = [0.965, 0.95, 0.76, 0.76];

/**
 * @param {number} width in px
 * @returns {ColumnLayout}
 */
export function columnLayout(width) {
  let parts = PARTS;
  NARROWEST.forEach((factor, index) => {
    if (needed(parts) * factor > width) parts = parts.filter(({ drop }) => drop !== index + 1);
  });
  const factor = Math.min(1, width / needed(parts));
  const spare = Math.max(0, width - needed(parts));
  const growth = parts.reduce((sum, { grow }) => sum + grow, 0);
  /** @type {Partial<Record<ColumnName, Span>>} */
  const columns = {};
  let x = 0;
  for (const { name, px, grow, gap } of parts) {
    const part_width = px * factor + (spare * grow) / growth;
    columns[name] = { x: Math.round(x), width: Math.round(x + part_width) - Math.round(x) };
    x += part_width + gap * factor;
  }
  return {
    columns,
    frame: around(columns.resid_pre, columns.resid_post, FRAME_PADDING * factor),
    card: around(columns.attention_pattern, columns.head_output, CARD_PADDING * factor),
    width,
  };
}

/** @param {typeof PARTS} parts */
function needed(parts) {
  return parts.reduce((sum, { px, gap }) => sum + px + gap, 0);
}

/** From the start of one column to the end of another. @param {Span | undefined} first @param {Span | undefined} last @param {number} padding */
function around(first, last, padding) {
  if (!first || !last) throw new Error("A stage that every flow has is missing.");
  return { x: first.x - padding, width: last.x + last.width - first.x + 2 * padding };
}

/** The right end of a column. @param {Span} span */
export const endOf = ({ x, width }) => x + width;
