/**
 * What can be said of a run in one sentence, and only what its numbers carry. Facts, not words: the words are translated.
 *
 * @typedef {{layer: number, token_id: number}} Turn `layer` counts blocks passed
 * @typedef {{turns: Turn[], settled: number | null, reading: {layer: number, source: number, share: number, push: number} | null,
 *   answer: number}} RiverStory
 *   `turns`: up to two guesses on the way that were not the answer. `settled`: blocks passed when it first said the answer and kept
 *   to it. `reading`: the ribbon that adds most to the answer's lead, if it is a good part of it.
 */
import { strongestPlace } from "./sources.js";

// A guess worth telling is likelier than this, and the model has read something by then.
const WORTH_TELLING = 0.02;
const FIRST_LAYER_TOLD = 2;
const TURNS_MOST = 2;
// A ribbon worth telling adds this share of the lead.
const SHARE_OF_LEAD = 0.12;

/** @param {import("./types.js").RiverData} river @returns {RiverStory} */
export function storyOf(river) {
  const { guess_ids, guess_probabilities, n_layer } = river;
  const answer = guess_ids[n_layer];
  /** @type {Turn[]} */
  const turns = [];
  for (let layer = FIRST_LAYER_TOLD; layer < n_layer; layer++) {
    const token_id = guess_ids[layer];
    if (token_id === answer || guess_probabilities[layer] < WORTH_TELLING) continue;
    if (turns.at(-1)?.token_id !== token_id) turns.push({ layer, token_id });
  }
  let settled = n_layer;
  while (settled > 0 && guess_ids[settled - 1] === answer) settled--;
  const place = strongestPlace(river);
  const is_told = place !== null && river.lead > 0 && place.push >= SHARE_OF_LEAD * river.lead;
  return {
    turns: turns.slice(-TURNS_MOST),
    settled: settled < n_layer ? settled : null,
    reading:
      is_told && place ? { layer: place.layer, source: place.source, share: place.share, push: place.push } : null,
    answer,
  };
}
