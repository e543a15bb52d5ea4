/**
 * What the river draws of one row of a run, in fractions and logits; `docs/seams.md` (`river`) says how it is computed.
 *
 * @typedef {object} RiverData
 * @property {number} position the row
 * @property {number} n_layer
 * @property {number} n_head
 * @property {Float32Array} share [layer, head, source] share of the stream after attention that a head brings from a source
 * @property {Float32Array} stream_share [layer] what was in the stream before, share of the stream after attention
 * @property {Float32Array} bias_share [layer] the bias of attention's output, likewise
 * @property {Float32Array} mlp_share [layer] what the MLP adds, share of the stream after it
 * @property {Float32Array} push [layer, head, source] what the part adds to the answer's lead, in logits
 * @property {Float32Array} bias_push [layer]
 * @property {Float32Array} mlp_push [layer]
 * @property {Float32Array} patch_push [layer] of a row that was put in, less what would have stood there
 * @property {number} token_push of the token's embedding
 * @property {number} position_push of the position's embedding
 * @property {number} final_push of the final norm's bias
 * @property {number} lead all pushes together: the answer's logit less the mean of those it is held against
 * @property {number} answer token id
 * @property {number | null} rival token id it is held against; null: the mean of all tokens
 * @property {ArrayLike<number>} guess_ids [layer + 1] likeliest token if the model stopped there; layer 0 is the embedding
 * @property {Float32Array} guess_probabilities [layer + 1]
 */

export {};
