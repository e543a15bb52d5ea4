/**
 * Geometry of the grid of all heads: a row for each block, a column for each head; or, sorted, line after line.
 *
 * @typedef {{layer: number, head: number}} Head
 * @typedef {{heads: Head[], columns: number, cell_px: number, thumb_px: number, width: number, height: number}} GridLayout
 *   `heads` in the order they are drawn in; a thumbnail of `thumb_px` stands in each cell.
 * @typedef {{size: number, data: Uint8ClampedArray}} Thumbnails data [head, size, size], weights from 0 to 255
 */
import { nextPlace, placeAt } from "./grid.js";

const CELL_MAX_PX = 92;
const CELL_MIN_PX = 30;
const GAP_PX = 10;
// Thumbnails show at most so many rows; of a longer text, the largest weight of several cells.
export const THUMB_MOST = 48;

/**
 * @param {Head[]} heads in order
 * @param {number} columns
 * @param {{width: number, height: number}} room in px
 * @returns {GridLayout}
 */
export function gridLayout(heads, columns, { width, height }) {
  const lines = Math.ceil(heads.length / columns);
  const fitting = Math.min(width / columns, height / lines);
  const cell_px = Math.floor(Math.max(CELL_MIN_PX, Math.min(CELL_MAX_PX, fitting)));
  return { heads, columns, cell_px, thumb_px: cell_px - GAP_PX, width: cell_px * columns, height: cell_px * lines };
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
export function cellAt(point, layout) {
  const { cell_px } = layout;
  return indexOf(placeAt(point, { ...sizeOf(layout), cell_width: cell_px, cell_height: cell_px }), layout);
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
