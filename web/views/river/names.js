/** A token as it reads in a picture: the mark of its leading space only where nothing else is left. @param {string} label */
export const nameOf = (label) => (/^␣+$/.test(label) ? label : label.replace(/^␣/, ""));

/** Px that a word takes at a size, roughly; wide scripts take twice as much. @param {string} word @param {number} size px */
export function wordWidth(word, size) {
  let width = 0;
  for (const letter of word) width += /[\u1100-\u{1ffff}]/u.test(letter) ? size : size * 0.56;
  return width;
}
