/**
 * What the page needs from the live model. `web/client/client.js` provides it; tests give a pretended one.
 *
 * @typedef {{token_ids: Int32Array, probabilities: Float32Array, softmax: Float32Array, logits: Float32Array, kept: Uint8Array,
 *   stages: import("./types.js").Stage[]}} Distribution
 * @typedef {{run_id: number, token_ids: Int32Array, tokens: import("./types.js").Token[], text: string}} RunReply
 * @typedef {{run_id: number, token_id: number, token: import("./types.js").Token, probability: number,
 *   text: string}} TokenReply
 * @typedef {object} Api
 * @property {(text: string) => Promise<{token_ids: Int32Array, tokens: import("./types.js").Token[], n_ctx: number}>} tokenize
 * @property {() => Promise<{labels: string[]}>} vocabulary
 * @property {(text: string) => Promise<RunReply>} run
 * @property {(run_id: number, options: import("./types.js").Options) => Promise<TokenReply>} generate_token
 * @property {(run_id: number, token_id: number) => Promise<TokenReply>} append_token
 * @property {(run_id: number, n_tokens: number) => Promise<RunReply>} rewind
 * @property {(run_id: number, options: import("./types.js").Options) => Promise<Distribution>} probabilities
 * @property {(run_id: number, name: string, place: {layer: number, head: number}) => Promise<import("./types.js").Tensor>} tensor
 * @property {(run_id: number, asked: {name: string, layer?: number, head?: number}[]) => Promise<{tensors: import("./types.js").Tensor[]}>} tensors
 * @property {(run_id: number) => Promise<import("./flow.js").Contributions>} contributions
 * @property {(run_id: number) => Promise<{marks: string[], scores: import("./types.js").Tensor}>} head_marks
 * @property {(run_id: number, start: number, stop: number) => Promise<{shape: number[], token_ids: Int32Array, probabilities: Float32Array, final_ranks: Int32Array}>} lens
 * @property {(run_id: number, cell: import("./exploring.js").ExplainedCell) => Promise<any>} explain
 * @property {(run_id: number, name: string, place: Record<string, unknown>) => Promise<any>} section
 * @property {(run_id: number, position: number) => Promise<any>} merge_steps
 * @property {(run_id: number, position: number) => Promise<any>} embedding
 * @property {() => Promise<{embeddings: import("./types.js").Tensor, similarity: import("./types.js").Tensor}>} position_embeddings
 * @property {(token_id: number, count: number) => Promise<{token_ids: Int32Array, similarities: Float32Array}>} nearest_tokens
 */

export {};
