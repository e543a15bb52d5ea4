import { signal } from "@preact/signals";

/**
 * @typedef {{attention: import("./types.js").Tensor, mlp: import("./types.js").Tensor}} Contributions
 *   [layer, position]: length of what is added, relative to the stream it is added to
 * @typedef {{run: import("./types.js").Run, layer: number, tensors: Map<string, import("./types.js").Tensor>,
 *   contributions: Contributions | null}} FlowData
 *   What the flow draws of one block; the tensors hold all heads and positions. With them "embedding", what enters block 1, and
 *   "ln_f", the final layer norm.
 * @typedef {{labels: string[], probabilities: Float32Array, final_ranks: Int32Array}} LensColumn
 *   [n_layer + 1] each, of one position; layer 0 is the embedding
 * @typedef {{run: import("./types.js").Run, n_layer: number, columns: Map<number, LensColumn>}} Lens by position
 * @typedef {{run: import("./types.js").Run, marks: string[], counts: number[], scores: import("./types.js").Tensor}} HeadMarks
 * @typedef {{run: import("./types.js").Run, layers: import("../layout/head_grid.js").Thumbnails[]}} Thumbnails of every block's heads
 * @typedef {{name: string, layer: number | null, head: number | null, row: number, index: number, value: number,
 *   shape: number[], x: number, y: number}} PointedValue where the pointer is, in px of the figure, and what is there
 */

/** The signals of the flow; part of the page's state. */
export function createFlowState() {
  return {
    flow: signal(/** @type {FlowData | null} */ (null)),
    lens: signal(/** @type {Lens | null} */ (null)),
    thumbnails: signal(/** @type {Thumbnails | null} */ (null)),
    head_marks: signal(/** @type {HeadMarks | null} */ (null)),
    // The token whose row is under the pointer or has the focus.
    pointed_token: signal(/** @type {number | null} */ (null)),
    pointed_value: signal(/** @type {PointedValue | null} */ (null)),
    // Ribbons of the chosen head, or the mean over all heads.
    is_mean_of_heads: signal(false),
    is_flow_table_shown: signal(false),
  };
}
