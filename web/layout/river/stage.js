/**
 * The room in which a part unfolds: beside the chosen token's river, above it or below, where there is more.
 *
 * @typedef {{x: number, width: number, top: number, bottom: number, height: number, side: 1 | -1, is_slim: boolean}} Stage
 *   `side`: −1 above the river, 1 below it; `x` counts from the part's left edge. `is_slim`: as on a phone
 */
import { px } from "./ribbons.js";

const SLIM_PX = 420;
const MARGIN = { wide: 20, slim: 9 };
// Titles stand above the first river; the river itself keeps clear.
const ABOVE_ROWS = 6;
const CLEAR = 20;

/**
 * @param {number} width of the open part, px @param {import("./rows.js").Row} row the chosen token's
 * @param {{top: number, height: number}} rows_room @returns {Stage}
 */
export function stageOf(width, row, rows_room) {
  const [upper, lower] = [row.y - row.thickness / 2, row.y + row.thickness / 2];
  const [first, last] = [rows_room.top - ABOVE_ROWS, rows_room.top + rows_room.height];
  const side = upper - first >= last - lower ? -1 : 1;
  const [top, bottom] = side < 0 ? [first, upper - CLEAR] : [lower + CLEAR, last];
  const is_slim = width < SLIM_PX;
  const margin = is_slim ? MARGIN.slim : MARGIN.wide;
  return { x: margin, width: width - 2 * margin, top, bottom, height: bottom - top, side, is_slim };
}

/** What brings a drawing that is laid out for `width` into a span. @param {{x: number, width: number}} span @param {number} width px */
export const narrowed = (span, width) =>
  `translate(${px(span.x)} 0) scale(${Math.round((span.width / width) * 1000) / 1000} 1)`;
