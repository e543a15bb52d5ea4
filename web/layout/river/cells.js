/**
 * A long vector as a sheet of cells, read like a page: every number has a pixel or more of its own, none stands for several.
 *
 * @typedef {{columns: number, rows: number, cell: number, width: number, height: number}} Sheet `cell`: px, square
 */
import { rampIndex } from "../strip.js";

const CELL_LEAST = 1;
const CELL_MOST = 9;

/**
 * The largest cells that fit, in full lines where there is a way; a box too small for cells of a pixel is outgrown.
 * @param {number} count @param {{width: number, height: number}} box px @returns {Sheet}
 */
export function sheetOf(count, box) {
  let best = { columns: count, rows: 1, cell: 0 };
  const sizeOf = (/** @type {number} */ columns) =>
    Math.min(CELL_MOST, box.width / columns, box.height / Math.ceil(count / columns));
  // A line that is not full costs as much as cells a fifth smaller, where these have a pixel still.
  const worth = (/** @type {number} */ columns) =>
    sizeOf(columns) * (count % columns === 0 && sizeOf(columns) >= CELL_LEAST ? 1.25 : 1);
  for (let columns = 1; columns <= count; columns++) {
    if (worth(columns) > best.cell) best = { columns, rows: Math.ceil(count / columns), cell: worth(columns) };
  }
  const { columns, rows } = best;
  const cell = Math.max(CELL_LEAST, sizeOf(columns));
  return { columns, rows, cell, width: columns * cell, height: rows * cell };
}

/**
 * The cells as one shape for each colour. @param {ArrayLike<number>} values @param {number} limit where the scale ends
 * @param {Sheet} sheet @param {number} n_colours of the ramp
 * @returns {Map<number, string>} by place on the ramp: the data of a path whose corner is 0, 0
 */
export function sheetPaths(values, limit, { columns, cell }, n_colours) {
  const paths = new Map();
  const size = round(cell);
  for (let index = 0; index < values.length; index++) {
    const colour = rampIndex(values[index], limit, n_colours);
    const [x, y] = [round((index % columns) * cell), round(Math.floor(index / columns) * cell)];
    paths.set(colour, `${paths.get(colour) ?? ""}M${x},${y}h${size}v${size}h${-size}z`);
  }
  return paths;
}

/** The number under a point of the sheet, null beside it. @param {Sheet} sheet @param {number} count @param {{x: number, y: number}} point px */
export function indexOnSheet({ columns, rows, cell }, count, { x, y }) {
  const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)];
  if (column < 0 || column >= columns || row < 0 || row >= rows) return null;
  const index = row * columns + column;
  return index < count ? index : null;
}

/** Where a number's cell is. @param {Sheet} sheet @param {number} index */
export const cellOf = ({ columns, cell }, index) => ({
  x: (index % columns) * cell,
  y: Math.floor(index / columns) * cell,
});

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;
