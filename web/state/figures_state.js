import { signal } from "@preact/signals";

/**
 * @typedef {{run: import("./types.js").Run, layer: number, tensors: Map<string, import("./types.js").Tensor>}} BlockData
 *   What an open block draws; the tensors hold all heads and positions
 * @typedef {{labels: string[], probabilities: Float32Array, final_ranks: Int32Array}} LensColumn
 *   [n_layer + 1] each, of one position; layer 0 is the embedding
 * @typedef {{run: import("./types.js").Run, n_layer: number, columns: Map<number, LensColumn>}} Lens by position
 * @typedef {{run: import("./types.js").Run, marks: string[], counts: number[], scores: import("./types.js").Tensor}} HeadMarks
 * @typedef {{run: import("./types.js").Run, layers: import("../layout/head_grid.js").Thumbnails[]}} Thumbnails of every block's heads
 */

/** The signals of what is fetched for single figures; part of the page's state. */
export function createFiguresState() {
  return {
    block: signal(/** @type {BlockData | null} */ (null)),
    lens: signal(/** @type {Lens | null} */ (null)),
    thumbnails: signal(/** @type {Thumbnails | null} */ (null)),
    head_marks: signal(/** @type {HeadMarks | null} */ (null)),
    // The token whose row is under the pointer or has the focus.
    pointed_token: signal(/** @type {number | null} */ (null)),
  };
}
