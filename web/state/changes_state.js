import { signal } from "@preact/signals";
import { lastPlace } from "./change.js";

/**
 * @typedef {import("./change.js").Change} Change
 * @typedef {{list: Change[], prefix: number[] | null}} Changes `prefix`: the tokens up to their last place; null: not known
 * @typedef {{kind: "attention", layer: number, head: number | null, query: number, key: number} | {kind: "mlp", layer: number}} Part
 *   what a reader is about to cut
 * @typedef {{run: import("./types.js").Run, rows: import("../layout/changes.js").ChangedToken[], labels: string[]}} Effect
 *   what the changes made of the answer: `rows` with the largest differences first
 * @typedef {{run: import("./types.js").Run, kind: "heads" | "ribbons" | "rows", n_columns: number, token_id: number,
 *   label: string, before: number, probabilities: Float32Array, top_ids: Int32Array, n_done: number, is_running: boolean,
 *   pairs: [number, number][]}} Sweep
 *   [layer, column], NaN where nothing is known yet; `before`: the probability of the token with nothing more changed
 */

/** @type {Changes} */
export const NO_CHANGES = { list: [], prefix: null };

/**
 * Changes of a run, with the tokens they are made for. @param {{token_ids: ArrayLike<number>}} run @param {Change[]} list
 * @returns {Changes}
 */
export const changesFor = (run, list) =>
  list.length > 0 ? { list, prefix: Array.from(run.token_ids).slice(0, lastPlace(list) + 1) } : NO_CHANGES;

/** The signals of what is changed by hand; part of the page's state. @param {Change[]} [shared] what the address says */
export function createChangesState(shared = []) {
  return {
    changes: signal(shared.length > 0 ? { list: shared, prefix: null } : NO_CHANGES),
    picked_part: signal(/** @type {Part | null} */ (null)),
    effect: signal(/** @type {Effect | null} */ (null)),
    sweep: signal(/** @type {Sweep | null} */ (null)),
  };
}
