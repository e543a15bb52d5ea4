/**
 * The inside of an open block, laid on the rivers: the chosen head's pattern, the values it fetches, its output, and what
 * every other head adds.
 *
 * @typedef {import("./rows.js").Row} Row
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {object} OpenBlockLayout
 * @property {number} cell_width of the pattern, px
 * @property {number} pattern_x left edge of the pattern
 * @property {(row: number) => number} cellHeight
 * @property {{x: number, width: number, height: number}} values the strips of values, one a row
 * @property {Box} output of the chosen head
 * @property {number} landing x where the heads' ribbons have joined the river
 * @property {number} stain how far they are seen in it, px
 * @property {number} scale of the whole: 1 where there is room
 * @property {Map<number, Box>} thumbnails of the other heads
 * @property {{x: number, y: number}} heads_label
 */

const MARGIN = 26;
const CELL_MOST = 31;
const PATTERN_MOST = 170;
const OUTPUT_PX = 44;
const OUTPUT_AT = 346;
const LANDING_AT = 450;
const STAIN_PX = 46;
const VALUES_PX = 64;
const THUMBNAIL_MOST = 27;
const THUMBNAIL_GAP = 6;

/**
 * @param {{x: number, width: number}} span @param {Row[]} rows @param {number} chosen index of the row @param {number} n_head
 * @param {number} head the chosen one @param {{top: number, height: number}} room of all rows
 * @returns {OpenBlockLayout}
 */
export function openBlockLayout(span, rows, chosen, n_head, head, room) {
  const scale = Math.min(1, span.width / 530);
  const at = (/** @type {number} */ px) => span.x + px * scale;
  const pitch = room.height / rows.length;
  const cell_width = Math.min(CELL_MOST * scale, (PATTERN_MOST * scale) / rows.length);
  const pattern_x = at(MARGIN);
  const cellHeight = (/** @type {number} */ row) =>
    Math.max(
      2,
      Math.min(rows[row].height - 3, cell_width < 20 ? Math.max(rows[row].thickness + 4, pitch * 0.7) : CELL_MOST),
    );
  const values_x = Math.max(pattern_x + cell_width * rows.length + 34 * scale, at(206));
  const output_height = Math.max(rows[chosen].thickness, Math.min(58, pitch * 1.5));
  const output = {
    x: at(OUTPUT_AT),
    y: rows[chosen].y - output_height / 2,
    width: OUTPUT_PX * scale,
    height: output_height,
  };
  const { thumbnails, label_y } = placeThumbnails(n_head, head, output, room.top, scale);
  return {
    cell_width,
    pattern_x,
    cellHeight,
    values: { x: values_x, width: VALUES_PX * scale, height: Math.min(20, pitch * 0.5) },
    output,
    landing: at(LANDING_AT),
    stain: STAIN_PX * scale,
    scale,
    thumbnails,
    heads_label: { x: output.x + output.width, y: label_y },
  };
}

/**
 * The other heads above the output, in as many columns as there must be.
 * @param {number} n_head @param {number} head @param {Box} output @param {number} top @param {number} scale
 */
function placeThumbnails(n_head, head, output, top, scale) {
  const others = Array.from({ length: n_head }, (_, index) => index).filter((index) => index !== head);
  const room = Math.max(60, output.y - top - 10);
  let n_columns = 1;
  const sizeOf = () => Math.min(THUMBNAIL_MOST * scale, room / Math.ceil(others.length / n_columns) - THUMBNAIL_GAP);
  while (sizeOf() < 16 * scale && n_columns < 4) n_columns++;
  const size = Math.max(8, sizeOf());
  const n_rows = Math.ceil(others.length / n_columns);
  const first_y = output.y - 10 - n_rows * (size + THUMBNAIL_GAP);
  const thumbnails = new Map(
    others.map((index, place) => {
      const column = Math.floor(place / n_rows);
      const x = output.x + output.width - size - (n_columns - 1 - column) * (size + 22 * scale);
      return [index, { x, y: first_y + (place % n_rows) * (size + THUMBNAIL_GAP), width: size, height: size }];
    }),
  );
  return { thumbnails, label_y: first_y - 8 };
}

/**
 * A head's pattern by rows of the figure: a band's queries are averaged, its keys added up, so that a row still sums to 1.
 * @param {ArrayLike<number>} pattern [query, key] of n_tokens each @param {number} n_tokens @param {Row[]} rows
 * @returns {Float64Array} [row, row]
 */
export function patternByRow(pattern, n_tokens, rows) {
  const result = new Float64Array(rows.length * rows.length);
  rows.forEach((query_row, i) => {
    const n_queries = query_row.last - query_row.first + 1;
    rows.forEach((key_row, j) => {
      let sum = 0;
      for (let query = query_row.first; query <= query_row.last; query++) {
        for (let key = key_row.first; key <= Math.min(key_row.last, query); key++)
          sum += pattern[query * n_tokens + key];
      }
      result[i * rows.length + j] = sum / n_queries;
    });
  });
  return result;
}
