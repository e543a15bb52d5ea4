import { signal } from "@preact/signals";

/**
 * The rivers on screen: that of the row put forward, and that of the row under the pointer.
 *
 * @typedef {import("./types.js").Run} Run
 * @typedef {{run: Run, position: number, rival: number | null, data: import("../layout/river/types.js").RiverData,
 *   labels: Map<number, string>}} River `labels` of the tokens it names
 * @typedef {"products" | "scaled" | "masked" | "softmax"} PatternStage what the pattern of an open block shows
 * @typedef {{kind: "attention" | "mlp", layer: number, source: number | null}} LitPart
 * @typedef {typeof TABS[number]} Tab
 * @typedef {import("../layout/river/parts.js").OpenPart} OpenPart
 * @typedef {{part: OpenPart, run: Run, position: number, data: any, labels: string[]}} OpenedData
 *   `data` as docs/seams.md describes it for the section of that stage; `labels` of its token_ids, where it has any
 */

/** What explains the river, in the order of its tabs, and the one that is open first. */
export const TABS = /** @type {const} */ ([
  "heads",
  "why",
  "changes",
  "texts",
  "models",
  "lens",
  "sampling",
  "past",
  "learned",
  "article",
]);
export const TABS_FIRST = "why";

/** The signals of the river; part of the page's state. @param {Tab} [tab] @param {OpenPart | null} [part] */
export function createRiverState(tab = TABS_FIRST, part = null) {
  return {
    river: signal(/** @type {River | null} */ (null)),
    // While the page plays: tokens follow each other too quickly for a picture of this one.
    is_passed_over: signal(false),
    // What follows the token under the pointer.
    pointed_prediction: signal(/** @type {import("./types.js").Prediction | null} */ (null)),
    pointed_river: signal(/** @type {River | null} */ (null)),
    // What is open in its place; one thing at a time.
    open_part: signal(/** @type {OpenPart | null} */ (part)),
    // The neuron, number or candidate looked at in what is open; null: the first.
    open_item: signal(/** @type {number | null} */ (null)),
    // The numbers of an open MLP, norm or end; those of an open block's attention are `block`.
    opened: signal(/** @type {OpenedData | null} */ (null)),
    // The token that the answer is held against; null: the mean of all.
    rival: signal(/** @type {number | null} */ (null)),
    tab: signal(tab),
    pattern_stage: signal(/** @type {PatternStage} */ ("softmax")),
    // The ribbon that the ledger of parts speaks of.
    lit_part: signal(/** @type {LitPart | null} */ (null)),
    // Numbers in the place of the drawing.
    is_river_table: signal(false),
    // What the read-out line says of the thing pointed at.
    read_out: signal(/** @type {string | null} */ (null)),
  };
}
