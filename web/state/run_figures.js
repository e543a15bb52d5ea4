import { latestOnly } from "./latest.js";

// The list shows this many of the full vocabulary; the shares it prints are of the whole.
export const LISTED = 50;

/**
 * @typedef {ReturnType<typeof createFigures>} Figures
 * @typedef {{distribution: import("../client/python_api.js").Distribution, options: import("./types.js").Options}} Next
 *   what may follow a run, by these options
 */

/**
 * Fetch what the figures draw of a run. The model is not run again; Python slices what it holds.
 * @param {import("./state.js").State} state
 * @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api
 */
export function createFigures(state, selectors, api) {
  const askProbabilities = latestOnly(api.probabilities);
  const askProbabilitiesAt = latestOnly(api.probabilities);
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
   * @param {import("./types.js").Run} run @param {number | null} [position] whose next token; the last if null
   * @returns {Promise<import("./types.js").Prediction | null>} null when a newer request overtook this one
   */
  async function predictionOf(run, position = null) {
    const options = selectors.options.value;
    const ask = position === null ? askProbabilities : askProbabilitiesAt;
    const distribution = await ask(run.run_id, options, position, LISTED);
    return distribution ? named(run, distribution, options) : null;
  }

  /**
   * @param {import("./types.js").Run} run @param {import("../client/python_api.js").Distribution} distribution
   * @param {import("./types.js").Options} options it was made with @returns {Promise<import("./types.js").Prediction>}
   */
  async function named(run, distribution, options) {
    const names = await labels();
    const candidates = Array.from(distribution.token_ids, (token_id, index) => ({
      token_id,
      label: names[token_id],
      probability: distribution.probabilities[index],
      share: distribution.softmax[index],
      own: distribution.own[index],
      logit: distribution.logits[index],
      is_kept: distribution.kept[index] !== 0,
    }));
    return {
      candidates,
      stages: distribution.stages,
      options,
      vocab_size: distribution.vocab_size,
      run_id: run.run_id,
      n_tokens: run.tokens.length,
    };
  }

  /** Whether a reply for `run` may still be shown. @param {import("./types.js").Run} run */
  const isCurrent = (run) => state.run.value === run;

  return {
    labels,
    predictionOf,

    /**
     * Everything the figures draw of a run, before the run itself is shown: text and figures change together.
     * @param {import("./types.js").Run} run @param {Next} [next] what is known of it already
     */
    async load(run, next) {
      const is_known = next && next.options === selectors.options.value;
      return { prediction: is_known ? await named(run, next.distribution, next.options) : await predictionOf(run) };
    },

    async refreshPrediction() {
      const run = state.run.value;
      if (!run || run.is_stored) return;
      const prediction = await predictionOf(run);
      if (prediction && isCurrent(run)) state.prediction.value = prediction;
    },
  };
}
