import { batch } from "@preact/signals";
import { fetchExamples, fetchStoredRun, storedRiver } from "../stored_runs.js";
import { fromOptions } from "./selectors.js";

/** @typedef {ReturnType<typeof createStored>} Stored */

// A run in Python's hands counts from 1.
const STORED_RUN_ID = 0;

/**
 * The stored example runs: on screen first, and whenever an example is picked before a model is live.
 * @param {import("./state.js").State} state
 * @param {string} base_url folder of the page
 * @param {{keep_sampling: boolean, keep_place: boolean}} kept what the address sets, so that a stored run must not
 */
export function createStored(state, base_url, { keep_sampling, keep_place }) {
  /** @type {import("../stored_runs.js").StoredRun | null} */
  let shown = null;

  /** Show the example of the text in the box, or the first one. */
  async function start() {
    const { runs } = await fetchExamples(base_url);
    state.examples.value = runs;
    const asked = state.text.value;
    const example = runs.find(({ text }) => text === asked) ?? runs[0];
    if (!example) return;
    if (asked === "") state.text.value = example.text;
    if (!keep_place && state.text.value === example.text) open(example);
    await show(example);
  }

  /** Go where there is something to see. @param {import("../stored_runs.js").Example} example */
  function open({ layer, head }) {
    batch(() => {
      state.layer.value = layer;
      state.head.value = head;
    });
  }

  /** @param {import("../stored_runs.js").Example} example */
  async function show(example) {
    const stored = await fetchStoredRun(base_url, example.file);
    // A live run may have arrived while the file was on its way.
    if (state.run.value && !state.run.value.is_stored) return;
    shown = stored;
    const { text, tokens, token_ids, candidates, stages, options } = stored;
    batch(() => {
      if (!keep_sampling) state.sampling.value = fromOptions(options, state.sampling.value);
      state.model_shape.value ??= shapeOf(stored);
      state.run.value = {
        run_id: STORED_RUN_ID,
        token_ids,
        tokens,
        text,
        n_prompt: tokens.length,
        is_stored: true,
      };
      state.prediction.value = {
        candidates,
        stages,
        options,
        vocab_size: stages[0].kept_count,
        run_id: STORED_RUN_ID,
        n_tokens: tokens.length,
      };
    });
  }

  return {
    start,
    open,
    show,
    /** @param {number} position */
    river: (position) => (shown ? storedRiver(shown, position) : null),

    /** Everything that was stored of the run on screen. */
    tensors: () => shown?.tensors ?? new Map(),
  };
}

/**
 * The model's sizes, as the tensors of a run have them. Stored are runs of the site's own model, which has GPT-2's design. @param {import("../stored_runs.js").StoredRun} stored
 * @returns {import("./types.js").ModelShape}
 */
function shapeOf({ tensors }) {
  const lastAxis = (/** @type {string} */ name) => tensors.get(name)?.shape.at(-1) ?? 0;
  const [n_layer, n_head] = tensors.get("attention_pattern")?.shape ?? [1, 1];
  const n_kv_head = tensors.get("key")?.shape[1] ?? n_head;
  const sizes = { n_embd: lastAxis("resid_pre"), d_head: lastAxis("query"), d_mlp: lastAxis("mlp_post") };
  const kinds = { norm: "layer_norm", position: "learned", activation: "gelu_tanh", is_tied: true };
  return { n_layer, n_head, n_kv_head, ...sizes, ...kinds };
}
