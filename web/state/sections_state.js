import { signal } from "@preact/signals";

/**
 * What the open section shows, and the sum behind the explained cell. Fetched when they are asked for; of requests that
 * overtake each other the newest is shown.
 *
 * @typedef {import("./types.js").Tensor} Tensor
 * @typedef {"ln_1" | "ln_2" | "ln_f"} NormName
 * @typedef {{name: import("./exploring.js").SectionName, run: import("./types.js").Run, layer: number, head: number,
 *   position: number, data: any, labels: string[]}} SectionData
 *   `data` as docs/seams.md describes it for the section; `labels` of its token_ids, where it has any
 * @typedef {{run: import("./types.js").Run, cell: import("./exploring.js").ExplainedCell, answer: any}} Explained
 * @typedef {{model: string | null, embeddings: Tensor, similarity: Tensor}} PositionEmbeddings
 * @typedef {{model: string | null, token_id: number, labels: string[], similarities: Float32Array}} NearestTokens
 */

/** The signals of sections and arithmetic; part of the page's state. */
export function createSectionsState() {
  return {
    section: signal(/** @type {SectionData | null} */ (null)),
    explained: signal(/** @type {Explained | null} */ (null)),
    norm: signal(/** @type {NormName} */ ("ln_1")),
    position_embeddings: signal(/** @type {PositionEmbeddings | null} */ (null)),
    nearest_tokens: signal(/** @type {NearestTokens | null} */ (null)),
  };
}
