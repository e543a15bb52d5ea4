/** From Python's reply to what is drawn: lengths become fractions, biases join what they belong to. */

/**
 * @typedef {import("../../state/types.js").Tensor} Tensor
 * @typedef {{position: number, answer: number, against: number | null, shares: Record<string, Tensor>,
 *   pushes: Record<string, Tensor> & {token: number, position: number, norm_bias: number, total: number}}} RiverReply
 *   docs/seams.md, `river`
 * @typedef {{token_ids: ArrayLike<number>, probabilities: Float32Array}} Guesses [layer + 1] of the row
 */

/** @param {RiverReply} reply @param {Guesses} guesses @returns {import("./types.js").RiverData} */
export function riverData({ position, answer, against, shares, pushes }, guesses) {
  const [n_layer, n_head, n_sources] = shares.heads.shape;
  const mid = shares.mid_length.data;
  const post = shares.post_length.data;
  const of_layer = (/** @type {(layer: number) => number} */ value) =>
    Float32Array.from({ length: n_layer }, (_, layer) => value(layer));
  return {
    position,
    n_layer,
    n_head,
    share: shares.heads.data.map((length, index) => length / mid[Math.floor(index / (n_head * n_sources))]),
    stream_share: of_layer((layer) => shares.stream.data[layer] / mid[layer]),
    bias_share: of_layer((layer) => shares.attention_bias.data[layer] / mid[layer]),
    mlp_share: of_layer((layer) => (shares.mlp.data[layer] + shares.mlp_bias.data[layer]) / post[layer]),
    push: pushes.heads.data,
    bias_push: pushes.attention_bias.data,
    patch_push: pushes.patch?.data ?? new Float32Array(n_layer),
    mlp_push: of_layer((layer) => pushes.mlp.data[layer] + pushes.mlp_bias.data[layer]),
    token_push: pushes.token,
    position_push: pushes.position,
    final_push: pushes.norm_bias,
    lead: pushes.total,
    answer,
    rival: against ?? null,
    guess_ids: guesses.token_ids,
    guess_probabilities: guesses.probabilities,
  };
}
