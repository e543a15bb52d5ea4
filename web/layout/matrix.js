/**
 * Geometry of a matrix drawn as a heat map with named axes; not only of attention.
 *
 * @typedef {{n_rows: number, n_columns: number, cell_width: number, cell_height: number, width: number, height: number,
 *   row_label_px: number, column_label_px: number, overhang_px: number, row_step: number, column_step: number,
 *   has_values: boolean}} MatrixLayout
 *   Cells may be smaller than a pixel. Every `row_step`-th row and `column_step`-th column has its label.
 */
import { LABEL_DEGREES, labelWidth } from "./labels.js";

const CELL_MAX_PX = 46;
const HEIGHT_MAX_PX = 460;
const ROW_MIN_PX = 9;
const LABEL_MAX_PX = 108;
const LABEL_LINE_PX = 16;
const LABEL_PADDING_PX = 10;
const VALUE_PX = { width: 40, height: 18 };

/**
 * @param {{row_labels: string[] | null, column_labels: string[] | null, n_rows: number, n_columns: number}} matrix
 * @param {number} room_px width, labels included
 * @returns {MatrixLayout}
 */
export function matrixLayout({ row_labels, column_labels, n_rows, n_columns }, room_px) {
  const longest = (/** @type {string[] | null} */ labels) =>
    Math.min(LABEL_MAX_PX, Math.ceil(Math.max(0, ...(labels ?? []).map(labelWidth))));
  const row_label_px = row_labels ? longest(row_labels) + LABEL_PADDING_PX : 0;
  const slant = (-LABEL_DEGREES * Math.PI) / 180;
  const column_longest = column_labels ? longest(column_labels) : 0;
  const column_label_px = column_labels ? Math.round(column_longest * Math.sin(slant)) + LABEL_LINE_PX : 0;
  const overhang_px = Math.round(column_longest * Math.cos(slant) * 0.6);
  const free_px = Math.max(40, room_px - row_label_px - overhang_px);
  const square = Boolean(row_labels && column_labels && n_rows === n_columns);
  const fitting = Math.min(CELL_MAX_PX, free_px / n_columns, square ? HEIGHT_MAX_PX / n_rows : Infinity);
  // Cells of whole pixels have clean edges; smaller ones cannot.
  const cell_width = fitting > 3 ? Math.floor(fitting) : fitting;
  const cell_height = square
    ? cell_width
    : Math.min(
        VALUE_PX.height + 4,
        Math.max(HEIGHT_MAX_PX / n_rows > ROW_MIN_PX ? ROW_MIN_PX : 0, Math.min(HEIGHT_MAX_PX / n_rows, 22)),
      );
  return {
    n_rows,
    n_columns,
    cell_width,
    cell_height,
    width: Math.round(cell_width * n_columns),
    height: Math.round(cell_height * n_rows),
    row_label_px,
    column_label_px,
    overhang_px,
    row_step: Math.max(1, Math.ceil(LABEL_LINE_PX / cell_height)),
    column_step: Math.max(1, Math.ceil(LABEL_LINE_PX / cell_width)),
    has_values: cell_width >= VALUE_PX.width && cell_height >= VALUE_PX.height,
  };
}
