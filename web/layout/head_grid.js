/**
 * Geometry of the grid of all heads: a line for each block, a column for each head, many blocks in several stacks side by
 * side; or, sorted, line after line.
 *
 * @typedef {{layer: number, head: number}} Head
 * @typedef {{heads: Head[], columns: number, lines: number, group: number, cell_px: number, thumb_px: number,
 *   stack_px: number, width: number, height: number}} GridLayout
 *   `heads` in the order they are drawn in; a thumbnail of `thumb_px` stands in each cell. `lines` in a stack; `stack_px`:
 *   from one stack to the next. `group`: so many heads share keys and values, and stand close together
 * @typedef {{size: number, data: Uint8ClampedArray}} Thumbnails data [head, size, size], weights from 0 to 255
 */
import { nextPlace } from "./grid.js";

const CELL_MAX_PX = 92;
const CELL_MIN_PX = 30;
const GAP_PX = 10;
const GROUP_GAP_PX = 8;
const STACK_GAP_PX = 16;
const STACKS_MOST = 4;
// Cells must grow by so much for blocks to stand beside each other.
const WORTH_A_STACK = 1.2;
// Thumbnails show at most so many rows; of a longer text, the largest weight of several cells.
export const THUMB_MOST = 48;

/**
 * @param {Head[]} heads in order
 * @param {number} columns
 * @param {{width: number, height: number, label_px?: number}} room in px; before each further stack stand labels
 * @param {{is_sorted?: boolean, group?: number}} [order] sorted heads have no lines of their own
 * @returns {GridLayout}
 */
export function gridLayout(
  heads,
  columns,
  { width, height, label_px = 0 },
  { is_sorted = false, group = columns } = {},
) {
  const n_lines = Math.ceil(heads.length / columns);
  const gaps_px = (Math.ceil(columns / group) - 1) * GROUP_GAP_PX;
  /** @param {number} stacks @returns {number} */
  const cellOf = (stacks) => {
    const line_px = (width - (stacks - 1) * (label_px + STACK_GAP_PX)) / stacks - gaps_px;
    return Math.min(CELL_MAX_PX, Math.floor(Math.min(line_px / columns, height / Math.ceil(n_lines / stacks))));
  };
  let stacks = 1;
  for (let more = 2; more <= Math.min(STACKS_MOST, n_lines); more++)
    if (cellOf(more) >= WORTH_A_STACK * cellOf(stacks)) stacks = more;
  const cell_px = Math.max(CELL_MIN_PX, cellOf(stacks));
  const sizes = { heads, cell_px, thumb_px: cell_px - GAP_PX };
  if (is_sorted) {
    const many = columns * stacks;
    const lines = Math.ceil(heads.length / many);
    return { ...sizes, columns: many, lines, group: many, stack_px: 0, width: cell_px * many, height: cell_px * lines };
  }
  const lines = Math.ceil(n_lines / stacks);
  const line_px = cell_px * columns + gaps_px;
  const stack_px = line_px + STACK_GAP_PX + label_px;
  const all = { width: stack_px * (stacks - 1) + line_px, height: cell_px * lines };
  return { ...sizes, columns, lines, group, stack_px, ...all };
}

/** Where a head's cell begins, px. @param {number} index @param {GridLayout} layout */
export function cellPlace(index, { columns, lines, group, cell_px, stack_px }) {
  const [line, column] = [Math.floor(index / columns), index % columns];
  return {
    x: Math.floor(line / lines) * stack_px + column * cell_px + Math.floor(column / group) * GROUP_GAP_PX,
    y: (line % lines) * cell_px,
  };
}

/**
 * Heads block by block, or from the highest score to the lowest; those without one come last.
 * @param {number} n_layer @param {number} n_head
 * @param {ArrayLike<number> | null} scores [layer, head]; null for no sorting
 * @returns {Head[]}
 */
export function orderHeads(n_layer, n_head, scores) {
  const heads = Array.from({ length: n_layer * n_head }, (_, index) => ({
    layer: Math.floor(index / n_head),
    head: index % n_head,
  }));
  if (!scores) return heads;
  const scoreOf = (/** @type {Head} */ { layer, head }) => {
    const score = scores[layer * n_head + head];
    return Number.isNaN(score) ? -1 : score;
  };
  return heads.sort((a, b) => scoreOf(b) - scoreOf(a));
}

/** @param {GridLayout} layout */
const sizeOf = ({ columns, heads }) => ({ n_rows: Math.ceil(heads.length / columns), n_columns: columns });

/**
 * Index of the head at a place, null where there is none: the last line need not be full.
 * @param {import("./grid.js").Place | null} place @param {GridLayout} layout
 */
function indexOf(place, { columns, heads }) {
  const index = place ? place.row * columns + place.column : heads.length;
  return index < heads.length ? index : null;
}

/** Index of the cell under a point, null where there is none. @param {{x: number, y: number}} point @param {GridLayout} layout */
export function cellAt({ x, y }, layout) {
  const index = layout.heads.findIndex((_, at) => {
    const { x: left, y: top } = cellPlace(at, layout);
    return x >= left && x < left + layout.cell_px && y >= top && y < top + layout.cell_px;
  });
  return index < 0 ? null : index;
}

/** Where an arrow key leads; null for a key that moves nothing. @param {number} index @param {string} key @param {GridLayout} layout */
export function neighbour(index, key, layout) {
  const from = { row: Math.floor(index / layout.columns), column: index % layout.columns };
  const target = indexOf(nextPlace(from, key, sizeOf(layout)), layout);
  return target === index ? null : target;
}

/**
 * Small copies of a block's patterns: each cell the largest weight of those it stands for, so that no peak is lost.
 * @param {import("../state/types.js").Tensor} pattern axes (head, query, key)
 * @returns {Thumbnails}
 */
export function thumbnails({ data, shape }) {
  const [n_head, n_tokens] = shape;
  const size = Math.min(n_tokens, THUMB_MOST);
  const small = new Uint8ClampedArray(n_head * size * size);
  const place = Uint16Array.from({ length: n_tokens }, (_, token) => Math.floor((token * size) / n_tokens));
  for (let head = 0; head < n_head; head++) {
    for (let query = 0; query < n_tokens; query++) {
      const line = (head * size + place[query]) * size;
      const row = (head * n_tokens + query) * n_tokens;
      for (let key = 0; key <= query; key++) {
        const at = line + place[key];
        small[at] = Math.max(small[at], data[row + key] * 255);
      }
    }
  }
  return { size, data: small };
}
