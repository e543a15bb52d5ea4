/**
 * Words used by state, actions and views. Types only.
 *
 * @typedef {{id: number, label: string, start: number, end: number, is_fragment: boolean, is_mark?: boolean}} Token
 *   `start` and `end` in UTF-16 units of the text; `label` makes whitespace and byte fragments visible.
 * @typedef {{code: string, message: string, detail?: unknown}} Problem
 * @typedef {{data: Float32Array, shape: number[], axes: string[]}} Tensor
 * @typedef {"temperature" | "top_k" | "top_p" | "min_p"} StageName
 * @typedef {{name: StageName, kept_count: number, kept_mass: number, dropped_mass: number}} Stage
 * @typedef {{temperature: number, top_k: number | null, top_p: number | null, min_p: number | null, seed: number}} Options
 *   What Python is asked with; null means that a cut is off.
 * @typedef {{temperature: number, seed: number, top_k: number, top_p: number, min_p: number,
 *   is_top_k_on: boolean, is_top_p_on: boolean, is_min_p_on: boolean}} Sampling
 *   What the controls hold; a cut that is off remembers its value.
 * @typedef {"drawn" | "chosen" | "beam"} Origin
 *   How a token was added: drawn from the probabilities, picked by the reader, or found by a beam search.
 * @typedef {{run_id: number, token_ids: ArrayLike<number>, tokens: Token[], text: string, n_prompt: number,
 *   is_stored: boolean, changes?: import("./change.js").Change[]}} Run
 *   What comes after the first `n_prompt` tokens is a line of the tree (tree.js); `changes`: what is changed in it by hand.
 * @typedef {{token_id: number, label: string, probability: number, share: number, own: number, logit: number,
 *   is_kept: boolean}} Candidate
 *   `own` is the model's own probability (temperature 1, nothing cut), `share` the one before the cuts, `probability` after them.
 * @typedef {{candidates: Candidate[], stages: Stage[], options: Options, vocab_size: number,
 *   run_id: number, n_tokens: number}} Prediction
 * @typedef {{kind: "empty"} | {kind: "waiting"} | {kind: "problem", text: string, problem: Problem}
 *   | {kind: "tokens", text: string, tokens: Token[], n_tokens: number, n_ctx: number}} Preview
 *   What tokenising the text in the box gave; `tokens` are the first `n_ctx` of `n_tokens`.
 * @typedef {{kind: "starting", loaded_bytes: number, total_bytes: number} | {kind: "ready"}
 *   | {kind: "failed", problem: Problem}} Boot
 * @typedef {"absent" | "loading" | "paused" | "ready" | "failed"} ModelState
 * @typedef {{name: string, display_name: string, parameters?: number, licence?: string, source?: string, bytes: number,
 *   state: ModelState, loaded_bytes: number, total_bytes: number, seconds_left: number | null, problem: Problem | null,
 *   compute: (Compute & {backend: "wasm" | "webgpu", threads: number}) | null}} Model
 * @typedef {"auto" | "processor" | "card"} BackendChoice
 * @typedef {{choice: BackendChoice, has_card: boolean, is_trying: boolean,
 *   trial: {verdict: "quicker" | "slower" | "different" | "failed" | "lost" | "absent", card_ms: number | null,
 *   processor_ms: number | null} | null}} Compute
 *   Where a model is computed, where the reader wants it, and what trying the graphics card has shown.
 * @typedef {{n_layer: number, n_head: number, n_kv_head: number, n_embd: number, d_head: number, d_mlp: number, dropout?: number | null,
 *   norm: string, position: string, activation: string, is_tied: boolean}} ModelShape
 *   `dropout`: the share of numbers that training set to 0, where it is known; the kinds are those of a manifest
 * @typedef {"idle" | "reading" | "generating" | "playing"} Activity
 * @typedef {"about" | "models" | "share" | null} Panel
 * @typedef {"auto" | "light" | "dark"} Theme
 * @typedef {"en" | "zh-CN"} Language
 * @typedef {{kept: import("../keeping.js").Kept | null, busy: string | null, problem: Problem | null, threads: number | null}} Offline
 *   `busy`: the part that is being kept; `threads`: with how many the model runs, null before it does
 */

export {};
