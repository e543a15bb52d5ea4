/**
 * Geometry of a heat map: square cells, a row for each query, a column for each key.
 *
 * @typedef {{n_tokens: number, cell_px: number, size_px: number, row_label_px: number, column_label_px: number,
 *   overhang_px: number, label_step: number, has_values: boolean}} HeatMapLayout
 *   `overhang_px`: how far the slanted label of the last column reaches beyond it. `label_step`: every so many rows and
 *   columns have a label. `has_values`: cells are large enough to print their value.
 */

const CELL_MIN_PX = 7;
const CELL_MAX_PX = 52;
const CELL_WITH_VALUE_PX = 28;
const LABEL_LINE_PX = 17;
const LABEL_MIN_PX = 66;
const LABEL_MAX_PX = 110;
const LETTER_PX = 9.4;
const WIDE_LETTER_PX = 15;
const LABEL_PADDING_PX = 12;
// The printed scale stands beside the cells, under what the last label needs.
const SCALE_PX = 58;
// Column labels lean by this much from the horizontal.
export const LABEL_DEGREES = -52;

/**
 * @param {string[]} labels of the tokens
 * @param {{width: number, height: number}} room in px, axes included
 * @returns {HeatMapLayout}
 */
export function heatMapLayout(labels, { width, height }) {
  const n_tokens = labels.length;
  const longest = Math.max(0, ...labels.map(labelWidth));
  const row_label_px = Math.round(Math.min(LABEL_MAX_PX, Math.max(LABEL_MIN_PX, longest + LABEL_PADDING_PX)));
  const radians = (-LABEL_DEGREES * Math.PI) / 180;
  const column_label_px = Math.round(row_label_px * Math.sin(radians)) + LABEL_LINE_PX / 2;
  const overhang_px = Math.max(SCALE_PX, Math.round(row_label_px * Math.cos(radians)));
  const fitting = Math.min(width - row_label_px - overhang_px, height - column_label_px) / Math.max(1, n_tokens);
  const cell_px = Math.floor(Math.min(CELL_MAX_PX, Math.max(CELL_MIN_PX, fitting)));
  return {
    n_tokens,
    cell_px,
    size_px: cell_px * n_tokens,
    row_label_px,
    column_label_px,
    overhang_px,
    label_step: Math.max(1, Math.ceil(LABEL_LINE_PX / cell_px)),
    has_values: cell_px >= CELL_WITH_VALUE_PX,
  };
}

/** Estimated width in px, so that nothing needs to be measured. @param {string} label */
export function labelWidth(label) {
  let width = 0;
  for (const letter of label)
    width += /** @type {number} */ (letter.codePointAt(0)) > 0x2e7f ? WIDE_LETTER_PX : LETTER_PX;
  return width;
}

/** A label that fits, its end cut off with an ellipsis if need be. @param {string} label @param {number} room_px */
export function fitLabel(label, room_px) {
  if (labelWidth(label) <= room_px) return label;
  const letters = Array.from(label);
  while (letters.length > 1 && labelWidth(`${letters.join("")}…`) > room_px) letters.pop();
  return `${letters.join("")}…`;
}

/**
 * The cell under a point; null outside the matrix or above its diagonal, where there is nothing: a query sees no
 * later key.
 * @param {{x: number, y: number}} point in px from the matrix's upper left corner
 * @param {HeatMapLayout} layout
 * @returns {import("../state/types.js").Cell | null}
 */
export function cellAt({ x, y }, { cell_px, n_tokens }) {
  const query = Math.floor(y / cell_px);
  const key = Math.floor(x / cell_px);
  return key >= 0 && key <= query && query < n_tokens ? { query, key } : null;
}

/**
 * Where an arrow key leads from a cell; always a cell on or below the diagonal.
 * @param {import("../state/types.js").Cell} cell @param {string} key name of the keyboard key @param {number} n_tokens
 * @returns {import("../state/types.js").Cell | null} null for a key that moves nothing
 */
export function neighbour(cell, key, n_tokens) {
  const { query, key: column } = cell;
  /** @type {Record<string, [number, number]>} */
  const moves = {
    ArrowUp: [query - 1, column],
    ArrowDown: [query + 1, column],
    ArrowLeft: [query, column - 1],
    ArrowRight: [query, column + 1],
    Home: [query, 0],
    End: [query, query],
    PageUp: [0, 0],
    PageDown: [n_tokens - 1, column],
  };
  const move = moves[key];
  if (!move) return null;
  const row = Math.min(n_tokens - 1, Math.max(0, move[0]));
  return { query: row, key: Math.min(row, Math.max(0, move[1])) };
}
