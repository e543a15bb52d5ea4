import { latestOnly } from "./latest.js";

// The list shows this many of the full vocabulary; the shares it prints are of the whole.
const LISTED = 50;
const PATTERN = "attention_pattern";

/** @typedef {ReturnType<typeof createFigures>} Figures */

/**
 * Fetch what the figures draw of a run. The model is not run again; Python slices what it holds.
 * @param {import("./state.js").State} state
 * @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api
 */
export function createFigures(state, selectors, api) {
  const askProbabilities = latestOnly(api.probabilities);
  const askTensor = latestOnly(api.tensor);
  /** @type {Map<string, Promise<string[]>>} labels of every token, by model */
  const vocabularies = new Map();

  /** @returns {Promise<string[]>} */
  function labels() {
    const name = state.model_name.value ?? "";
    const known = vocabularies.get(name);
    if (known) return known;
    const asked = api.vocabulary().then((reply) => reply.labels);
    vocabularies.set(name, asked);
    asked.catch(() => vocabularies.delete(name));
    return asked;
  }

  /**
   * @param {import("./types.js").Run} run
   * @returns {Promise<import("./types.js").Prediction | null>} null when a newer request overtook this one
   */
  async function predictionOf(run) {
    const options = selectors.options.value;
    const [distribution, names] = await Promise.all([askProbabilities(run.run_id, options), labels()]);
    if (!distribution) return null;
    const candidates = Array.from(distribution.token_ids.subarray(0, LISTED), (token_id, index) => ({
      token_id,
      label: names[token_id],
      probability: distribution.probabilities[index],
      share: distribution.softmax[index],
      logit: distribution.logits[index],
      is_kept: distribution.kept[index] !== 0,
    }));
    return {
      candidates,
      stages: distribution.stages,
      options,
      vocab_size: distribution.token_ids.length,
      run_id: run.run_id,
      n_tokens: run.tokens.length,
    };
  }

  /**
   * @param {import("./types.js").Run} run
   * @returns {Promise<import("./types.js").Pattern | null>} null when a newer request overtook this one
   */
  async function patternOf(run) {
    const place = { layer: state.layer.value, head: state.head.value };
    const tensor = await askTensor(run.run_id, PATTERN, place);
    return tensor ? { tensor, ...place, run_id: run.run_id, tokens: run.tokens } : null;
  }

  /** Whether a reply for `run` may still be shown. @param {import("./types.js").Run} run */
  const isCurrent = (run) => state.run.value === run;

  return {
    labels,

    /**
     * Everything the figures draw of a run, before the run itself is shown: text and figures change together.
     * @param {import("./types.js").Run} run
     */
    async load(run) {
      const [prediction, pattern] = await Promise.all([predictionOf(run), patternOf(run)]);
      return { prediction, pattern };
    },

    async refreshPrediction() {
      const run = state.run.value;
      if (!run || run.is_stored) return;
      const prediction = await predictionOf(run);
      if (prediction && isCurrent(run)) state.prediction.value = prediction;
    },

    async refreshPattern() {
      const run = state.run.value;
      if (!run || run.is_stored) return;
      const pattern = await patternOf(run);
      if (pattern && isCurrent(run)) state.pattern.value = pattern;
    },
  };
}
