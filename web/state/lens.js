import { effect } from "@preact/signals";
import { lensColumns } from "../layout/lens.js";
import { reporting } from "./problems.js";

/** @typedef {ReturnType<typeof createLens>} Lens */

/**
 * What the model would say after every block.
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {Pick<import("../client/python_api.js").PythonApi, "lens">} api
 * @param {Pick<import("./run_figures.js").Figures, "labels">} figures
 */
export function createLens(state, selectors, api, figures) {
  /** @param {import("./types.js").Run} run */
  const isQuiet = (run) => state.run.value === run && state.activity.value === "idle";

  /**
   * Have the guesses at hand, one position at a time: between them the model can do other things.
   * @param {import("./types.js").Run} run @param {number[]} positions
   */
  async function load(run, positions) {
    const labels = await figures.labels();
    for (const position of positions) {
      const known = state.lens.value?.run === run ? state.lens.value.columns : new Map();
      if (known.has(position) || !isQuiet(run)) continue;
      const { shape, token_ids, probabilities, final_ranks } = await api.lens(run.run_id, position, position + 1);
      if (state.run.value !== run) return;
      const column = { labels: Array.from(token_ids, (token_id) => labels[token_id]), probabilities, final_ranks };
      state.lens.value = { run, n_layer: shape[0] - 1, columns: new Map([...known, [position, column]]) };
    }
  }

  /** The guesses for every token, while the logit lens is open. */
  async function refresh() {
    const [run, query] = [state.run.value, selectors.query.value];
    void state.activity.value;
    if (!run || run.is_stored || state.tab.value !== "lens") return;
    await load(run, lensColumns(run.tokens.length, query));
  }

  return {
    load,
    start: () => void effect(() => reporting(state, refresh)),
  };
}
