/** Labels of rows and columns: how wide they are, and what of them fits. */

const LETTER_PX = 9.4;
const WIDE_LETTER_PX = 15;
// Column labels lean by this much from the horizontal.
export const LABEL_DEGREES = -52;

/** Estimated width in px, so that nothing needs to be measured. @param {string} label */
export function labelWidth(label) {
  let width = 0;
  for (const letter of label)
    width += /** @type {number} */ (letter.codePointAt(0)) > 0x2e7f ? WIDE_LETTER_PX : LETTER_PX;
  return width;
}

/** A label that fits, its end cut off with an ellipsis if need be. @param {string} label @param {number} room_px */
export function fitLabel(label, room_px) {
  if (labelWidth(label) <= room_px) return label;
  const letters = Array.from(label);
  while (letters.length > 1 && labelWidth(`${letters.join("")}…`) > room_px) letters.pop();
  return `${letters.join("")}…`;
}
