/** Geometry of the probability list: bars and the line where the cuts end. */

/**
 * Lengths as fractions of the longest bar.
 * @param {number[]} probabilities
 */
export function barLengths(probabilities) {
  const longest = Math.max(...probabilities) || 1;
  return probabilities.map((probability) => probability / longest);
}

/**
 * Bars that begin at 0, which may lie anywhere between the ends: where each starts and how long it is, as fractions of
 * the room, and where 0 is. What is not finite has no length.
 * @param {ArrayLike<number>} values @param {number} [end] the largest value that the room must hold: of bars elsewhere
 * @returns {{zero: number, spans: {start: number, length: number}[]}}
 */
export function barsFromZero(values, end = 0) {
  const finite = Array.from(values).filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const room = Math.max(end, ...finite) - low || 1;
  const zero = Math.abs(low) / room;
  const spans = Array.from(values, (value) => {
    const length = Number.isFinite(value) ? Math.abs(value) / room : 0;
    return { start: value < 0 ? zero - length : zero, length };
  });
  return { zero, spans };
}
