/**
 * What the model would say if it stopped after each block: which of these words are printed below the river.
 *
 * @typedef {{layer: number, x: number, token_id: number, probability: number, is_new: boolean, is_last: boolean}} Guess
 *   `layer` 0 is the embedding; `is_new`: another word than before it
 */

// From here on a guess is more than one among many.
const LIKELY = 0.05;

/**
 * @param {import("./types.js").RiverData} river
 * @param {number[]} places [layer + 1] x of each, in px
 * @param {(token_id: number) => number} widthOf px a word takes
 * @returns {(Guess & {is_strong: boolean})[]} those that find room, left to right: the last, then words that change, then the rest
 */
export function guessLabels(river, places, widthOf) {
  const all = places.map((x, layer) => {
    const token_id = river.guess_ids[layer];
    const is_new = layer === 0 || river.guess_ids[layer - 1] !== token_id;
    const probability = river.guess_probabilities[layer];
    return {
      layer,
      x,
      token_id,
      probability,
      is_new,
      is_last: layer === places.length - 1,
      is_strong: is_new && probability >= LIKELY,
    };
  });
  const rank = (/** @type {(typeof all)[number]} */ guess) =>
    guess.is_last ? 0 : guess.layer === 0 ? 1 : guess.is_strong ? 2 : guess.is_new ? 3 : 4;
  /** @type {typeof all} */
  const kept = [];
  for (const guess of [...all].sort((a, b) => rank(a) - rank(b) || b.layer - a.layer)) {
    const half = widthOf(guess.token_id) / 2;
    const is_free = kept.every((other) => Math.abs(other.x - guess.x) >= half + widthOf(other.token_id) / 2 + 8);
    if (is_free) kept.push(guess);
  }
  return kept.sort((a, b) => a.layer - b.layer);
}
