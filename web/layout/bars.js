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
 * Index of the first candidate that a cut has dropped; null while none in the list is dropped. Candidates come best
 * first and every cut drops from the worst end, so the kept ones are in front.
 * @param {{is_kept: boolean}[]} candidates
 */
export function firstDropped(candidates) {
  const index = candidates.findIndex(({ is_kept }) => !is_kept);
  return index < 0 ? null : index;
}
