/**
 * What differs between families of models, as the page's words and figures see it: the kinds in a manifest's config.
 *
 * @typedef {import("./types.js").ModelShape} ModelShape
 */

/** The fact on which the words of a stage, of a stop of the tour or of a tensor depend. @type {Record<string, "norm" | "position" | "activation">} */
const FACT_OF = {
  embedding: "position",
  positions: "position",
  qkv: "position",
  layer_norm: "norm",
  unembedding: "norm",
  mlp: "activation",
  norm_1: "norm",
  norm_2: "norm",
  norm_final: "norm",
  mlp_post: "activation",
};

/**
 * The kind of such a thing in this model. Words that differ for it have it at the end of their key (i18next's context);
 * where there are none, those of GPT-2 hold.
 * @param {ModelShape | null} shape @param {string} name @returns {{context?: string}}
 */
export function kindOf(shape, name) {
  const fact = FACT_OF[name];
  return shape && fact ? { context: shape[fact] } : {};
}

/**
 * Which key/value head serves a query head: several share one where there are fewer.
 * @param {ModelShape | null} shape @param {number} head
 */
export const servingHead = (shape, head) => (shape ? Math.floor((head * shape.n_kv_head) / shape.n_head) : head);

/**
 * The query heads that a key/value head serves, first and last. @param {ModelShape} shape @param {number} kv_head
 * @returns {[number, number]}
 */
export function servedHeads({ n_head, n_kv_head }, kv_head) {
  const size = n_head / n_kv_head;
  return [kv_head * size, (kv_head + 1) * size - 1];
}

/** The stages there are in every model; those of one kind only. @type {import("./sections_state.js").StageName[]} */
const STAGES = ["tokens", "embedding", "layer_norm", "qkv", "rotation", "attention", "mlp", "unembedding", "sampling"];

/** The stages of a model, in the order in which they are computed. @param {ModelShape | null} shape */
export const stagesOf = (shape) => STAGES.filter((name) => name !== "rotation" || shape?.position === "rotary");
