import { signal } from "@preact/signals";

/**
 * What the figures of the sampling show: tokens through every step, and draws of which nothing comes.
 *
 * @typedef {"logits" | "own" | "scaled" | "softmax" | "top_k" | "top_p" | "min_p"} Column
 * @typedef {"own" | "softmax" | "min_p"} Spread the model's own, after the temperature, what is drawn from
 * @typedef {{token_ids: Int32Array, ranks: Int32Array, listed: number, columns: Record<Column, Float32Array>,
 *   others: Record<Exclude<Column, "logits" | "scaled">, number>, numerators: Float32Array, largest: number,
 *   denominator_all: number, denominator_kept: number, stages: import("./types.js").Stage[], vocab_size: number,
 *   curve: {counts: Int32Array, masses: Record<Spread, Float32Array>},
 *   spread: Record<Spread, {entropy: number, choices: number}>}} Steps as docs/seams.md describes them
 * @typedef {{shape: number[], numbers: Float64Array, starts: Float64Array, ends: Float64Array, ranks: Int32Array,
 *   token_ids: Int32Array, tally: {ranks: Int32Array, token_ids: Int32Array, counts: Int32Array,
 *   probabilities: Float64Array}}} Draws as docs/seams.md describes them
 * @typedef {"one" | "100" | "1000" | "class"} DrawKind one number, many of one seed, one of many seeds
 * @typedef {{run: import("./types.js").Run, options: import("./types.js").Options, steps: Steps, draws: Draws,
 *   kind: DrawKind, labels: (token_id: number) => string}} SamplingFigures all asked for at once, so that they agree
 */

/** How many a class has, with the seeds from 1 on. */
export const CLASS_SIZE = 30;

/** The signals of the sampling's figures; part of the page's state. */
export function createSamplingState() {
  return {
    sampling_figures: signal(/** @type {SamplingFigures | null} */ (null)),
    // What is searched for, and the tokens found.
    token_search: signal(""),
    found_tokens: signal(/** @type {number[]} */ ([])),
    draw_kind: signal(/** @type {DrawKind} */ ("one")),
    // Which number of the seed; generating takes the first.
    draw_index: signal(0),
  };
}
