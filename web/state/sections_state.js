import { signal } from "@preact/signals";

/**
 * What the open section shows, and the sum behind the explained cell. Fetched when they are asked for; of requests that
 * overtake each other the newest is shown.
 *
 * @typedef {import("./types.js").Tensor} Tensor
 * @typedef {"norm_1" | "norm_2" | "norm_final"} NormName
 * @typedef {Exclude<import("./exploring.js").SectionName, "heads" | "lens">} StageName the overviews load by themselves
 * @typedef {{name: StageName, run: import("./types.js").Run, layer: number, head: number,
 *   position: number, norm: NormName, options: import("./types.js").Options, data: any, labels: string[]}} SectionData
 *   What it was asked with: while a reader has chosen something else it is that of the earlier choice.
 *   `data` as docs/seams.md describes it for the section; `labels` of its token_ids, where it has any
 * @typedef {{run: import("./types.js").Run, cell: import("./exploring.js").ExplainedCell, answer: any}} Explained
 * @typedef {{model: string | null, embeddings: Tensor, similarity: Tensor}} PositionEmbeddings
 * @typedef {{model: string | null, token_id: number, labels: string[], similarities: Float32Array}} NearestTokens
 */

/**
 * What each section depends on besides the run.
 * @type {Record<StageName, ("layer" | "head" | "position" | "norm" | "options")[]>}
 */
export const SECTION_OF = {
  tokens: ["position"],
  embedding: ["position"],
  layer_norm: ["layer", "position", "norm"],
  qkv: ["layer", "head", "position"],
  rotation: ["layer", "head", "position"],
  attention: ["layer", "head", "position"],
  mlp: ["layer", "position"],
  unembedding: ["position"],
  sampling: ["options"],
};

/** The signals of sections and arithmetic; part of the page's state. */
export function createSectionsState() {
  return {
    section: signal(/** @type {SectionData | null} */ (null)),
    explained: signal(/** @type {Explained | null} */ (null)),
    norm: signal(/** @type {NormName} */ ("norm_1")),
    position_embeddings: signal(/** @type {PositionEmbeddings | null} */ (null)),
    nearest_tokens: signal(/** @type {NearestTokens | null} */ (null)),
  };
}
