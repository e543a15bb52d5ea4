/**
 * A text cut into the pieces its tokens cover, so that a line can be drawn under each.
 *
 * @typedef {{space: string, word: string, token: number | null}} Piece `space` stands before the word and gets no line; `token`: its
 *   position, null for what is not known to be a token yet
 */

/**
 * @param {string} text as it is in the field
 * @param {{text: string, tokens: import("../state/types.js").Token[]} | null} known the tokens of this text or of an earlier one
 * @returns {Piece[]} together they are the text
 */
export function sentencePieces(text, known) {
  /** @type {Piece[]} */
  const pieces = [];
  let end = 0;
  const common = known ? commonLength(text, known.text) : 0;
  known?.tokens.forEach((token, position) => {
    // Tokens that are a part of a letter share its place; the first stands for all.
    if (token.end > common || token.end <= end || token.start < end) return;
    const whole = text.slice(end, token.end);
    const word = whole.trimStart();
    const space = whole.slice(0, whole.length - word.length);
    pieces.push(word === "" ? { space: "", word: whole, token: position } : { space, word, token: position });
    end = token.end;
  });
  if (end < text.length) pieces.push({ space: "", word: text.slice(end), token: null });
  return pieces;
}

/** @param {string} a @param {string} b */
function commonLength(a, b) {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length++;
  return length;
}
