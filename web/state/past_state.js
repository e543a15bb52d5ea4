import { signal } from "@preact/signals";
import { EMPTY_TREE } from "./tree.js";

/**
 * What came after the prompt, all branches of it, and what is looked at there.
 *
 * @typedef {{computed: number, reused: number, ms: number}} Cost tokens that went through the model, tokens that were at hand
 * @typedef {{token_id: number, label: string, own: number}} Alternative
 * @typedef {{position: number, run: import("./types.js").Run, found: Alternative[]}} Alternatives at a position of the run's text
 * @typedef {{node: number | null, run_id: number, surprise: number, is_ended: boolean}} Beam
 * @typedef {{label: string, words: string, parent: number, probability: number, surprise: number, is_kept: boolean}} BeamCandidate
 * @typedef {{start: number | null, prompt: string, step: number, beams: Beam[], candidates: BeamCandidate[]}} BeamSearch
 *   `start`: the node it began at; `candidates` of the last step, least surprising first
 */

/** The signals of the text's past; part of the page's state. */
export function createPastState() {
  return {
    tree: signal(EMPTY_TREE),
    // What waits for its text to be read: the tree that goes on from it, the token that is looked at.
    pending: signal(/** @type {{text: string, tree: import("./tree.js").Tree, token: number | null} | null} */ (null)),
    // The model's own probability of the prompt's tokens; the first has none.
    prompt_own: signal(/** @type {{run_text: string, model: string | null, values: Float32Array} | null} */ (null)),
    // Tokens in the colour of their probability.
    is_coloured: signal(false),
    cost: signal(/** @type {Cost | null} */ (null)),
    alternatives: signal(/** @type {Alternatives | null} */ (null)),
    // The end of the branch that the one on screen is compared with.
    compared_leaf: signal(/** @type {number | null} */ (null)),
    beam_width: signal(3),
    beam_search: signal(/** @type {BeamSearch | null} */ (null)),
  };
}
