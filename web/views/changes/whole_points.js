import { formatNumber } from "../../format.js";

/**
 * A difference as it stands in a cell: whole percentage points, nothing below a half.
 * @param {import("../../state/types.js").Language} language @returns {(points: number) => string}
 */
export const wholePoints = (language) => (points) =>
  Math.abs(points) < 0.5 ? "" : formatNumber(Math.round(points), language).replace("-", "\u2212");
