import { signal } from "@preact/signals";

/**
 * @typedef {import("./river_state.js").River} River
 * @typedef {{run: import("./types.js").Run, other: import("./types.js").Run, river: River, pairs: import("../layout/align.js").Pair[],
 *   rows: import("../layout/changes.js").ChangedToken[], labels: string[],
 *   answer: {token_id: number, label: string, own: number, other: number}}} Compared
 *   `river` of the other text; `rows`: the answers that differ most; `answer`: the other's, its shares in both
 * @typedef {{compared: Compared, layer: number, head: number, first: import("./types.js").Tensor, second: import("./types.js").Tensor}} Patterns
 */

/** The signals of two texts side by side; part of the page's state. @param {import("./change.js").Change[]} [shared] */
export function createTextsState(shared = []) {
  const row = shared.find((change) => change.kind === "row");
  return {
    other_text: signal(row?.kind === "row" ? row.text : ""),
    compared: signal(/** @type {Compared | null} */ (null)),
    compared_patterns: signal(/** @type {Patterns | null} */ (null)),
  };
}
