/**
 * What a change made of a distribution: both over the full vocabulary, the largest differences first.
 *
 * @typedef {{token_ids: ArrayLike<number>, own: ArrayLike<number>}} Shares the model's own, temperature 1, in any order
 * @typedef {{token_id: number, before: number, after: number}} ChangedToken
 */

/** @param {Shares} before @param {Shares} after @param {number} count @returns {ChangedToken[]} */
export function largestChanges(before, after, count) {
  const first = new Float32Array(before.token_ids.length);
  for (let rank = 0; rank < first.length; rank++) first[before.token_ids[rank]] = before.own[rank];
  /** @type {ChangedToken[]} */
  const largest = [];
  let least = 0;
  for (let rank = 0; rank < after.token_ids.length; rank++) {
    const token_id = after.token_ids[rank];
    const difference = Math.abs(after.own[rank] - first[token_id]);
    if (largest.length === count && difference <= least) continue;
    largest.push({ token_id, before: first[token_id], after: after.own[rank] });
    largest.sort(bySize);
    largest.length = Math.min(largest.length, count);
    const last = largest[largest.length - 1];
    least = Math.abs(last.after - last.before);
  }
  return largest;
}

/** @param {ChangedToken} a @param {ChangedToken} b */
const bySize = (a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || a.token_id - b.token_id;

/**
 * The place of a sweep that takes most from the answer. @param {ArrayLike<number>} probabilities NaN: not known
 * @param {number} before
 * @returns {{index: number, probability: number} | null} null while nothing is known
 */
export function strongest(probabilities, before) {
  let found = null;
  for (let index = 0; index < probabilities.length; index++) {
    const probability = probabilities[index];
    if (Number.isNaN(probability)) continue;
    if (!found || Math.abs(probability - before) > Math.abs(found.probability - before)) found = { index, probability };
  }
  return found;
}
