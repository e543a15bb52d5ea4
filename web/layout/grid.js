/**
 * A cursor in a grid of cells, moved by the pointer or the arrow keys.
 *
 * @typedef {{row: number, column: number}} Place
 * @typedef {{n_rows: number, n_columns: number}} GridSize
 */

/**
 * The cell under a point, null outside. @param {{x: number, y: number}} point px from the upper left cell's corner
 * @param {GridSize & {cell_width: number, cell_height: number}} grid @returns {Place | null}
 */
export function placeAt({ x, y }, { cell_width, cell_height, n_rows, n_columns }) {
  const [row, column] = [Math.floor(y / cell_height), Math.floor(x / cell_width)];
  return row >= 0 && row < n_rows && column >= 0 && column < n_columns ? { row, column } : null;
}

/**
 * Where an arrow key leads; null for a key that moves nothing.
 * @param {Place} place @param {string} key name of the keyboard key @param {GridSize} size
 * @returns {Place | null}
 */
export function nextPlace({ row, column }, key, { n_rows, n_columns }) {
  /** @type {Record<string, [number, number]>} */
  const moves = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    Home: [row, 0],
    End: [row, n_columns - 1],
    PageUp: [0, column],
    PageDown: [n_rows - 1, column],
  };
  const move = moves[key];
  if (!move) return null;
  const within = (/** @type {number} */ index, /** @type {number} */ count) => Math.max(0, Math.min(count - 1, index));
  return { row: within(move[0], n_rows), column: within(move[1], n_columns) };
}
