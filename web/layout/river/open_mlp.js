/**
 * The inside of an MLP, laid beside the chosen token's river: what it reads, its neurons, and what the strongest of them and all
 * the rest write into the river. x counts from the left edge of the part.
 *
 * @typedef {import("./stage.js").Stage} Stage
 * @typedef {import("./cells.js").Sheet} Sheet
 * @typedef {{x: number, y: number, sheet: Sheet}} Placed a sheet and its upper left corner
 * @typedef {{kind: "neuron" | "rest" | "bias", index: number | null, count: number, activation: number | null, share: number}} Writer
 *   `share`: what it adds, as a share of the stream after the MLP; `count`: of the neurons it stands for
 * @typedef {object} MlpLayout
 * @property {Placed} normed @property {Placed} hidden
 * @property {{x: number, y: number, width: number, height: number} | null} curve null where there is no room for it
 * @property {{y: number, pitch: number}[]} lines one a writer
 * @property {{label: number, bar: {x: number, width: number}, activation: number | null, share: number, right: number}} columns
 *   x; numbers are right-aligned there; null: no room
 * @property {number} head_y of the columns' names
 * @property {number} landing x where the ribbons have joined the river @property {number} stain px
 */

import { sheetOf } from "./cells.js";
import { landings } from "./marks.js";

const NAMED_MOST = 12;
const PITCH = { least: 15.5, most: 21 };
const HEAD_PX = 18;
const CAPTION_PX = 18;
const CURVE_LEAST = 56;
const CURVE_MOST = 190;
const WIDE = { sheet: 76, gap: 34, label: 42, activation: 44, share: 50, fall: 84, landing: 42, stain: 38 };
// "3,072 neurons" stands over the second sheet, however narrow that is.
const CAPTION_WIDTH = 92;
const SLIM = { sheet: 60, gap: 9, label: 40, activation: 0, share: 48, fall: 44, landing: 20, stain: 18 };

/**
 * @param {Stage} stage @param {number} width of the part, px @param {{n_embd: number, d_mlp: number, has_bias: boolean}} sizes
 * @returns {MlpLayout & {n_named: number}}
 */
export function mlpLayout(stage, width, { n_embd, d_mlp, has_bias }) {
  const px = stage.is_slim ? SLIM : WIDE;
  const side_px = Math.max(40, Math.min(px.sheet, stage.height * (stage.is_slim ? 0.24 : 0.34)));
  const box = { width: side_px, height: side_px };
  const [normed_sheet, hidden_sheet] = [sheetOf(n_embd, box), sheetOf(d_mlp, box)];
  // From the river away; on a phone the sheets stand at the far side, so that the bars have the width.
  const near = (/** @type {number} */ height, offset = 0) =>
    stage.side < 0 ? stage.bottom - offset - height : stage.top + offset;
  const far = (/** @type {number} */ height, offset = 0) =>
    stage.side < 0 ? stage.top + offset : stage.bottom - offset - height;
  const put = stage.is_slim ? far : near;
  const offset = stage.is_slim ? CAPTION_PX : 0;
  const normed = { x: stage.x, y: put(normed_sheet.height, offset), sheet: normed_sheet };
  const hidden_x = stage.x + normed_sheet.width + px.gap;
  const hidden = { x: hidden_x, y: put(hidden_sheet.height, offset), sheet: hidden_sheet };
  const sheets_end = hidden_x + Math.max(hidden_sheet.width, stage.is_slim ? 0 : CAPTION_WIDTH);
  const sheets_height = Math.max(normed_sheet.height, hidden_sheet.height) + CAPTION_PX;

  const above = stage.height - sheets_height - 2 * CAPTION_PX;
  const curve_height = stage.is_slim ? sheets_height - CAPTION_PX : Math.min(CURVE_MOST, above);
  const curve = stage.is_slim
    ? { x: sheets_end + px.gap, y: far(curve_height, offset), width: stage.x + stage.width - sheets_end - px.gap }
    : { x: stage.x, y: near(curve_height, sheets_height + CAPTION_PX), width: sheets_end - stage.x };

  const bars_x = stage.is_slim ? stage.x : sheets_end + 28;
  const bars_height = stage.is_slim ? stage.height - sheets_height - CAPTION_PX : stage.height;
  const n_others = has_bias ? 2 : 1;
  const pitch = Math.max(PITCH.least, Math.min(PITCH.most, (bars_height - HEAD_PX) / (NAMED_MOST + n_others)));
  const n_lines = Math.floor((bars_height - HEAD_PX) / pitch);
  const n_named = Math.max(1, Math.min(NAMED_MOST, n_lines - n_others));
  const lines_height = (n_named + n_others) * pitch;
  const lines_top = near(lines_height + (stage.side < 0 ? 0 : HEAD_PX)) + (stage.side < 0 ? 0 : HEAD_PX);
  const right = width - px.fall;
  const bar_x = bars_x + px.label + 6;
  return {
    n_named,
    normed,
    hidden,
    curve: curve_height < CURVE_LEAST && !stage.is_slim ? null : { ...curve, height: curve_height },
    lines: Array.from({ length: n_named + n_others }, (_, line) => ({ y: lines_top + (line + 0.5) * pitch, pitch })),
    columns: {
      label: bars_x + px.label,
      bar: { x: bar_x, width: Math.max(20, right - px.share - px.activation - bar_x) },
      activation: px.activation > 0 ? right - px.share : null,
      share: right,
      right: right + 3,
    },
    head_y: lines_top - 5,
    landing: width - px.landing,
    stain: px.stain,
  };
}

/** The neurons farthest from 0, farthest first. @param {ArrayLike<number>} after [neuron] activations @param {number} count */
export function mostActive(after, count = NAMED_MOST) {
  const order = Array.from(after, (_, index) => index);
  return order.sort((a, b) => Math.abs(after[b]) - Math.abs(after[a]) || a - b).slice(0, count);
}

/**
 * Shares in tenths of a percent that add up to their total as printed: what rounding leaves goes to those it was hardest on.
 * @param {number[]} shares fractions @param {number} total of them @returns {number[]} whole numbers
 */
export function closingTenths(shares, total) {
  const exact = shares.map((share) => share * 1000);
  const tenths = exact.map(Math.floor);
  let missing = Math.round(total * 1000) - tenths.reduce((sum, value) => sum + value, 0);
  const hardest = exact.map((_, index) => index).sort((a, b) => exact[b] - tenths[b] - (exact[a] - tenths[a]));
  for (const index of hardest) if (missing-- > 0) tenths[index]++;
  return tenths;
}

/**
 * Who writes into the river: the most active neurons one by one, all others together, the bias. Their shares add up to the MLP's.
 * @param {{after: ArrayLike<number>, writes: ArrayLike<number>, bias_write: number, after_length: number, has_bias: boolean}} found
 *   `after` [neuron] activations; `writes` [neuron] lengths along the stream after, of length `after_length`
 * @param {number[]} named neurons, most active first @returns {Writer[]}
 */
export function writersOf({ after, writes, bias_write, after_length, has_bias }, named) {
  /** @type {Writer[]} */
  const writers = named.map((index) => ({
    kind: "neuron",
    index,
    count: 1,
    activation: after[index],
    share: writes[index] / after_length,
  }));
  const is_named = new Set(named);
  let rest = 0;
  for (let index = 0; index < writes.length; index++) if (!is_named.has(index)) rest += writes[index];
  const count = writes.length - is_named.size;
  writers.push({ kind: "rest", index: null, count, activation: null, share: rest / after_length });
  if (has_bias)
    writers.push({ kind: "bias", index: null, count: 0, activation: null, share: bias_write / after_length });
  return writers;
}

/**
 * Where each writer's ribbon lands in the river, in the order of the lines: from the edge that faces them.
 * @param {Writer[]} writers @param {import("./rows.js").Row} row @param {1 | -1} side
 * @returns {{index: number, top: number, thickness: number}[]} those thick enough to be seen
 */
export function writerLandings(writers, row, side) {
  const shares = writers.map(({ share }) => share);
  if (side < 0) return landings(shares, row);
  const last = shares.length - 1;
  return landings(shares.reverse(), row).map(({ index, top, thickness }) => ({
    index: last - index,
    top: 2 * row.y - top - thickness,
    thickness,
  }));
}
