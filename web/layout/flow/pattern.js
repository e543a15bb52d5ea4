/**
 * Geometry of the pattern in the flow: its rows are the flow's rows, its columns share the width.
 *
 * @typedef {{cell_px: number, size_px: number, label_step: number}} PatternLayout
 *   `cell_px` may be less than 1 for long texts; every `label_step`-th column has a label.
 * @typedef {{query: number, key: number}} Cell
 */

const LABEL_LINE_PX = 14;

/**
 * @param {number} n_tokens @param {number} width in px @param {import("./rows.js").RowLayout} rows
 * @returns {PatternLayout}
 */
export function patternLayout(n_tokens, width, rows) {
  const cell_px = Math.min(rows.pitch, width / Math.max(1, n_tokens));
  return { cell_px, size_px: cell_px * n_tokens, label_step: Math.max(1, Math.ceil(LABEL_LINE_PX / cell_px)) };
}

/**
 * The largest of the weights under each pixel of a row: a long row must not lose its peaks.
 * @param {ArrayLike<number>} weights [key] @param {number} n_keys of them that count @param {number} n_pixels
 * @returns {Float32Array}
 */
export function peaks(weights, n_keys, n_pixels) {
  const result = new Float32Array(n_pixels);
  for (let key = 0; key < n_keys; key++) {
    const pixel = Math.min(n_pixels - 1, Math.floor((key * n_pixels) / weights.length));
    result[pixel] = Math.max(result[pixel], weights[key]);
  }
  return result;
}

/**
 * The cell under a point; of the ones above the diagonal, which hold nothing, the last before it.
 * @param {number} x from the pattern's left edge @param {number} y from its upper edge, in px
 * @param {PatternLayout} place @param {import("./rows.js").RowLayout} rows
 * @returns {Cell}
 */
export function patternCell(x, y, { cell_px }, { first, count, pitch }) {
  const query = first + Math.max(0, Math.min(count - 1, Math.floor(y / pitch)));
  return { query, key: Math.max(0, Math.min(query, Math.floor(x / cell_px))) };
}

/**
 * Where a key of the keyboard leads from a cell; null where it leads nowhere.
 * @param {Cell} cell @param {string} pressed name of the key @param {import("./rows.js").RowLayout} rows
 * @returns {Cell | null}
 */
export function patternStep({ query, key }, pressed, { first, count }) {
  /** @type {Record<string, Cell>} */
  const moves = {
    ArrowLeft: { query, key: key - 1 },
    ArrowRight: { query, key: key + 1 },
    // Up along the diagonal the row gets shorter.
    ArrowUp: { query: query - 1, key: Math.min(key, query - 1) },
    ArrowDown: { query: query + 1, key },
    Home: { query, key: 0 },
    End: { query, key: query },
  };
  const next = moves[pressed];
  const is_there = next && next.key >= 0 && next.key <= next.query && next.query >= first && next.query < first + count;
  return is_there ? next : null;
}
