/**
 * The measures of the river's figure.
 *
 * @typedef {{width: number, height: number, is_narrow: boolean, labels: {x: number, width: number}, river: {x: number, width: number},
 *   rows: {top: number, height: number}, heads_y: number, guesses_y: number, list: {x: number, width: number, top: number, pitch: number} | null}} Frame
 *   `labels`: the tokens' names, right-aligned at x; `list`: the next tokens beside the river's end, null where they stand below it
 */

// Below this width the next tokens stand below the river, and names are short.
export const NARROW_PX = 760;
const LIST_PX = 216;
const LIST_GAP = 92;
const ABOVE_PX = 78;
const BELOW_PX = 70;
const CANDIDATES = 10;
const CANDIDATE_PX = 28;

/** @param {number} width @param {number} height @returns {Frame} */
export function riverFrame(width, height) {
  const is_narrow = width < NARROW_PX;
  const labels_px = is_narrow ? Math.min(92, width * 0.24) : Math.min(160, width * 0.12);
  const x = labels_px + (is_narrow ? 18 : 34);
  const right = is_narrow ? width - 10 : width - LIST_PX - LIST_GAP;
  const rows = { top: ABOVE_PX, height: Math.max(120, height - ABOVE_PX - BELOW_PX) };
  const list_top = ABOVE_PX - 28;
  return {
    width,
    height,
    is_narrow,
    labels: { x: labels_px, width: labels_px },
    river: { x, width: right - x },
    rows,
    heads_y: 18,
    guesses_y: rows.top + rows.height + 34,
    list: is_narrow
      ? null
      : {
          x: width - LIST_PX,
          width: LIST_PX,
          top: list_top,
          pitch: Math.min(CANDIDATE_PX, rows.height / (CANDIDATES + 3)),
        },
  };
}
