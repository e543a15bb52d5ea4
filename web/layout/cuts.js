/**
 * One text cut into tokens in two ways, as two rows of a table whose columns end wherever either row has a cut.
 *
 * @typedef {{start: number, end: number}} Span in UTF-16 units of the text
 * @typedef {{from: number, to: number, n_columns: number}} Cell holds the tokens from `from` up to but not including `to`
 */

/**
 * @param {Span[]} first @param {Span[]} second tokens of the same text, in order
 * @returns {[Cell[], Cell[]]}
 */
export function cutsBeside(first, second) {
  const rows = [first, second].map(pieces);
  const starts = [...new Set(rows.flat().map(({ start }) => start))];
  const [one, other] = rows.map((row) =>
    row.map(({ from, to, start, end }) => ({
      from,
      to,
      n_columns: starts.filter((place) => start <= place && place < end).length,
    })),
  );
  return [one, other];
}

/**
 * Tokens that share a character stand together: each has only some of its bytes. So does one without any text.
 * @param {Span[]} tokens
 */
function pieces(tokens) {
  /** @type {{from: number, to: number, start: number, end: number}[]} */
  const found = [];
  for (const [at, { start, end }] of tokens.entries()) {
    const last = found.at(-1);
    if (last && (start < last.end || start === end || last.start === last.end)) {
      last.end = Math.max(last.end, end);
      last.to = at + 1;
    } else found.push({ from: at, to: at + 1, start, end });
  }
  return found;
}
