/**
 * A head's numbers out of a block's tensor. @param {import("../../state/figures_state.js").BlockData} block @param {string} name @param {number} head
 * @returns {Float32Array | null}
 */
export function headOf(block, name, head) {
  const tensor = block.tensors.get(name);
  if (!tensor || head >= tensor.shape[0]) return null;
  const size = tensor.shape[1] * tensor.shape[2];
  return tensor.data.subarray(head * size, (head + 1) * size);
}

/**
 * Scores before softmax [query, key], whole: products of query and key, divided by the root of d_head, later keys put out.
 * @param {import("../../state/figures_state.js").BlockData} block @param {number} head @param {number} kv_head that serves it
 * @param {import("../../state/river_state.js").PatternStage} stage
 */
export function stagedScores(block, head, kv_head, stage) {
  const [query, key] = [headOf(block, "query", head), headOf(block, "key", kv_head)];
  if (stage === "softmax" || !query || !key) return null;
  const n_tokens = block.run.tokens.length;
  const d_head = query.length / n_tokens;
  const divisor = stage === "products" ? 1 : Math.sqrt(d_head);
  return Float64Array.from({ length: n_tokens * n_tokens }, (_, cell) => {
    const [i, j] = [Math.floor(cell / n_tokens), cell % n_tokens];
    if (stage === "masked" && j > i) return -Infinity;
    let sum = 0;
    for (let at = 0; at < d_head; at++) sum += query[i * d_head + at] * key[j * d_head + at];
    return sum / divisor;
  });
}
