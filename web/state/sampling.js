import { batch, effect } from "@preact/signals";
import { bestMatches } from "../layout/token_search.js";
import { latestOnly } from "./latest.js";
import { reporting } from "./problems.js";
import { CLASS_SIZE } from "./sampling_state.js";

/** @typedef {ReturnType<typeof createSampling>} SamplingPart */

const LISTED = 12;
const FOUND = 4;
const DRAWS_MOST = 1000;

/**
 * What the sampling's tab shows; fetched while it is open. The model is not run, and nothing is added to the text.
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api @param {import("./run_figures.js").Figures} figures
 */
export function createSampling(state, selectors, api, figures) {
  /** @typedef {{count: number, seeds: number[]}} Asked */
  /** @type {(kind: import("./sampling_state.js").DrawKind, index: number) => Asked} */
  const asked = (kind, index) => {
    if (kind === "class") return { count: 1, seeds: Array.from({ length: CLASS_SIZE }, (_, seed) => seed + 1) };
    return { count: kind === "one" ? index + 1 : Number(kind), seeds: [] };
  };

  const load = latestOnly(
    async (
      /** @type {import("./types.js").Run} */ run,
      /** @type {import("./types.js").Options} */ options,
      /** @type {number[]} */ found,
      /** @type {Asked} */ { count, seeds },
    ) => {
      const [steps, draws, names] = await Promise.all([
        api.section(run.run_id, "sampling", { options, count: LISTED, asked: found }),
        api.draws(run.run_id, options, count, seeds),
        figures.labels(),
      ]);
      return { steps, draws, labels: (/** @type {number} */ token_id) => names[token_id] };
    },
  );

  async function refresh() {
    const [run, tab, kind] = [state.run.value, state.tab.value, state.draw_kind.value];
    const [options, found] = [selectors.options.value, state.found_tokens.value];
    const wanted = asked(kind, state.draw_index.value);
    if (!run || run.is_stored || tab !== "sampling") return;
    const loaded = await load(run, options, found, wanted);
    if (loaded && state.run.peek() === run) state.sampling_figures.value = { run, options, kind, ...loaded };
  }

  /** The tokens that a search finds; a new search overtakes an older one. */
  const find = latestOnly(async (/** @type {string} */ words) => bestMatches(await figures.labels(), words, FOUND));

  const actions = {
    /** Where are the tokens with these letters? "" puts them away. @param {string} words */
    async searchToken(words) {
      state.token_search.value = words;
      if (!selectors.is_live.value) return;
      const found = await find(words);
      if (found) state.found_tokens.value = found;
    },

    /** The next number of the seed, or the first one again. */
    drawAgain() {
      batch(() => {
        const is_one = state.draw_kind.value === "one";
        state.draw_index.value = is_one ? (state.draw_index.value + 1) % DRAWS_MOST : state.draw_index.value;
        state.draw_kind.value = "one";
      });
    },

    /** @param {import("./sampling_state.js").DrawKind} kind */
    showDraws(kind) {
      state.draw_kind.value = kind;
    },
  };

  function start() {
    effect(() => reporting(state, refresh));
    // Another place or another seed begins with its own first number.
    effect(() => {
      void state.run.value;
      void state.sampling.value.seed;
      state.draw_index.value = 0;
    });
  }

  return { start, actions };
}
