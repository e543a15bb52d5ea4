/**
 * Where a small panel stands beside what it explains: below it where there is room, else above, always inside the viewport.
 *
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box in px of the viewport
 * @typedef {{width: number, height: number}} Size
 */

const GAP = 6;
const MARGIN = 8;

/** @param {Box} anchor @param {Size} panel @param {Size} room @returns {{left: number, top: number}} */
export function beside(anchor, panel, room) {
  const below = anchor.bottom + GAP;
  const fits_below = below + panel.height <= room.height - MARGIN;
  const top = fits_below ? below : Math.max(MARGIN, anchor.top - GAP - panel.height);
  const left = Math.max(MARGIN, Math.min(anchor.left, room.width - MARGIN - panel.width));
  return { left, top };
}
