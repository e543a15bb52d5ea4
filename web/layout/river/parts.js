/**
 * What opens in its place on the river: the parts of a block, in the order in which they are computed, and the two ends.
 *
 * @typedef {"norm_1" | "attention" | "norm_2" | "mlp"} BlockPart
 * @typedef {{kind: BlockPart, layer: number} | {kind: "embedding" | "unembedding", layer: null}} OpenPart
 * @typedef {OpenPart["kind"]} PartKind
 * @typedef {Record<string, number>} Opening by key of a part: how far it is open, above 0 to 1; while one closes and another
 *   opens both are between
 */

export const BLOCK_PARTS = /** @type {const} */ (["norm_1", "attention", "norm_2", "mlp"]);
export const END_PARTS = /** @type {const} */ (["embedding", "unembedding"]);
export const PARTS = [...BLOCK_PARTS, ...END_PARTS];

/** @param {OpenPart} part */
export const keyOf = ({ kind, layer }) => (layer === null ? kind : `${kind}:${layer}`);

/** @param {string} key @returns {OpenPart} */
export function partOf(key) {
  const [kind, layer] = key.split(":");
  return /** @type {OpenPart} */ ({ kind, layer: layer === undefined ? null : Number(layer) });
}

/** @param {PartKind} kind @param {number} layer used where the part is one of a block @returns {OpenPart} */
export const partAt = (kind, layer) =>
  kind === "embedding" || kind === "unembedding" ? { kind, layer: null } : { kind, layer };

/** Whether two are the same part, or both none. @param {OpenPart | null} a @param {OpenPart | null} b */
export const isSamePart = (a, b) => a?.kind === b?.kind && a?.layer === b?.layer;

/** Whether a model has it. @param {OpenPart} part @param {number} n_layer */
export const hasPart = ({ layer }, n_layer) => layer === null || layer < n_layer;

/** How far anything is open, 0 to 1. @param {Opening} opening */
export const opennessOf = (opening) =>
  Math.min(
    1,
    Object.values(opening).reduce((sum, share) => sum + share, 0),
  );
