/**
 * Everything that can be asked of the live model, as docs/seams.md describes it. The page, its figures and
 * `window.glassbox` ask through these calls and no others; tests give pretended ones.
 *
 * @typedef {import("../state/types.js").Tensor} Tensor
 * @typedef {import("../state/types.js").Token} Token
 * @typedef {{token_ids: Int32Array, probabilities: Float32Array, softmax: Float32Array, own: Float32Array, logits: Float32Array,
 *   kept: Uint8Array, stages: import("../state/types.js").Stage[], vocab_size: number}} Distribution
 * @typedef {{run_id: number, token_ids: Int32Array, tokens: Token[], text: string}} RunReply
 * @typedef {{computed: number, reused: number}} Cost tokens that went through the model, and those that were at hand
 * @typedef {{run_id: number, n_tokens: number, token_id: number, token: Token, probability: number, own: number,
 *   text: string, cost: Cost, next?: Distribution}} TokenReply
 * @typedef {{parent: number, token_id: number | null, label: string, probability: number, surprise: number,
 *   run_id: number | null}} BeamReply
 * @typedef {{role: "system" | "user" | "assistant", content: string}} ChatMessage
 * @typedef {Partial<import("../state/types.js").Options>} Options
 * @typedef {import("../state/change.js").When} When
 * @typedef {import("../state/change.js").Asked} Changes
 * @typedef {{kind: "heads" | "ribbons" | "rows", token_id: number, start: number, stop: number, when?: When,
 *   other_id?: number, pairs?: [number, number][]}} SweepQuestion
 * @typedef {{count: number, probabilities: Float32Array, top_ids: Int32Array, top_probabilities: Float32Array}} Outcomes
 * @typedef {ReturnType<typeof createPythonApi>} PythonApi
 */

/** @param {(method: string, params?: object) => Promise<any>} call one method of `bridge.py` */
export function createPythonApi(call) {
  return {
    /** @param {string} text @returns {Promise<{token_ids: Int32Array, tokens: Token[], n_ctx: number}>} */
    tokenize: (text) => call("tokenize", { text }),

    /** A conversation as the text that the model reads. @param {ChatMessage[]} messages @returns {Promise<{text: string}>} */
    chat_text: (messages) => call("chat_text", { messages }),

    /** @returns {Promise<{labels: string[]}>} */
    vocabulary: () => call("vocabulary"),

    /** @param {string} text @param {Changes} [changes] @returns {Promise<RunReply>} */
    run: (text, changes = {}) => call("run", { text, ...changes }),

    /** Another text beside the one in the box. @param {string} text @returns {Promise<RunReply>} */
    run_beside: (text) => call("run_beside", { text }),

    /** The same tokens with these changes and no others. @param {number} run_id @param {Changes} changes @returns {Promise<RunReply>} */
    changed: (run_id, changes) => call("changed", { run_id, ...changes }),

    /** @param {number} run_id @param {SweepQuestion} question @returns {Promise<Outcomes>} */
    sweep: (run_id, question) => call("sweep", { run_id, ...question }),

    /** `count`: how many of those that may follow the new token are answered too. @param {number} run_id @param {Options} options @param {number} [count] @returns {Promise<TokenReply>} */
    generate_token: (run_id, options, count = 0) => call("generate_token", { run_id, options, count }),

    /** @param {number} run_id @param {number} token_id @returns {Promise<TokenReply>} */
    append_token: (run_id, token_id) => call("append_token", { run_id, token_id }),

    /** @param {number} run_id @param {number} n_tokens @returns {Promise<RunReply>} */
    rewind: (run_id, n_tokens) => call("rewind", { run_id, n_tokens }),

    /** @param {number} run_id @param {number[]} token_ids @returns {Promise<RunReply & {cost: Cost}>} */
    go_to: (run_id, token_ids) => call("go_to", { run_id, token_ids }),

    /** @param {number} run_id @param {number} start @returns {Promise<{probabilities: Float32Array}>} */
    own_probabilities: (run_id, start) => call("own_probabilities", { run_id, start }),

    /**
     * @param {{run_id: number, surprise: number, is_ended: boolean}[]} beams @param {number} width
     * @returns {Promise<{candidates: BeamReply[]}>}
     */
    beam_step: (beams, width) => call("beam_step", { beams, width }),

    /**
     * @param {number} run_id @param {Options} options @param {number | null} [position] whose next token; the last if null
     * @param {number | null} [count] how many of the likeliest; all if null
     * @returns {Promise<Distribution>}
     */
    probabilities: (run_id, options, position = null, count = null) =>
      call("probabilities", { run_id, options, position, count }),

    /**
     * @param {number} run_id @param {Options} options @param {number} count @param {number[]} seeds that of the options if empty
     * @returns {Promise<import("../state/sampling_state.js").Draws>}
     */
    draws: (run_id, options, count, seeds) => call("draws", { run_id, options, count, seeds }),

    /** @param {number} run_id @param {string} name @param {{layer?: number, head?: number}} place @returns {Promise<Tensor>} */
    tensor: (run_id, name, place) => call("tensor", { run_id, name, ...place }),

    /**
     * @param {number} run_id @param {{name: string, layer?: number, head?: number}[]} asked
     * @returns {Promise<{tensors: Tensor[]}>}
     */
    tensors: (run_id, asked) => call("tensors", { run_id, asked }),

    /** @param {number} run_id @returns {Promise<{marks: string[], counts: number[], scores: Tensor}>} */
    head_marks: (run_id) => call("head_marks", { run_id }),

    /**
     * @param {number} run_id @param {number} start @param {number} stop
     * @returns {Promise<{shape: number[], token_ids: Int32Array, probabilities: Float32Array, final_ranks: Int32Array}>}
     */
    lens: (run_id, start, stop) => call("lens", { run_id, start, stop }),

    /**
     * @param {number} run_id @param {{position: number, against: number | null}} place
     * @returns {Promise<import("../layout/river/data.js").RiverReply>}
     */
    river: (run_id, place) => call("river", { run_id, ...place }),

    /** @param {number} run_id @param {import("../state/exploring.js").ExplainedCell} cell @returns {Promise<any>} */
    explain: (run_id, cell) => call("explain", { run_id, ...cell }),

    /** @param {number} run_id @param {string} name @param {Record<string, unknown>} place @returns {Promise<any>} */
    section: (run_id, name, place) => call("section", { run_id, name, ...place }),

    /** @param {number} run_id @param {number} position @returns {Promise<any>} */
    merge_steps: (run_id, position) => call("merge_steps", { run_id, position }),

    /** @param {number} run_id @param {number} position @returns {Promise<any>} */
    embedding: (run_id, position) => call("embedding", { run_id, position }),

    /** @returns {Promise<{embeddings: Tensor, similarity: Tensor}>} */
    position_embeddings: () => call("position_embeddings"),

    /**
     * @param {number} token_id @param {number} count
     * @returns {Promise<{token_ids: Int32Array, similarities: Float32Array}>}
     */
    nearest_tokens: (token_id, count) => call("nearest_tokens", { token_id, count }),
  };
}
