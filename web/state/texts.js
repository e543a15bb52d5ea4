import { effect } from "@preact/signals";
import { align } from "../layout/align.js";
import { largestChanges } from "../layout/changes.js";
import { latestOnly } from "./latest.js";
import { reporting } from "./problems.js";

const LISTED = 8;
// A pause in typing after which the other text is read.
const PAUSE_MS = 300;

/** @typedef {import("./texts_state.js").Compared} Compared */

/**
 * Two texts side by side; fetched while their tab is open.
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api @param {import("./run_figures.js").Figures} figures
 * @param {import("./river.js").RiverPart} rivers
 */
export function createTexts(state, selectors, api, figures, rivers) {
  const askCompared = latestOnly(compare);
  const askPatterns = latestOnly(patternsOf);

  /** @param {import("./types.js").Run} run @param {string} text @returns {Promise<Compared | null>} */
  async function compare(run, text) {
    const reply = await api.run_beside(text);
    const other = { ...reply, n_prompt: reply.tokens.length, is_stored: false };
    const options = selectors.options.peek();
    const river = await rivers.riverOf(other, other.tokens.length - 1);
    const [first, second, names] = [
      await api.probabilities(run.run_id, options),
      await api.probabilities(other.run_id, options),
      await figures.labels(),
    ];
    if (!river) return null;
    const rows = largestChanges(first, second, LISTED);
    const token_id = second.token_ids[0];
    const own = first.own[first.token_ids.indexOf(token_id)];
    return {
      run,
      other,
      river,
      pairs: align(run.token_ids, other.token_ids),
      rows,
      labels: rows.map((row) => names[row.token_id]),
      answer: { token_id, label: names[token_id], own, other: second.own[0] },
    };
  }

  async function refresh() {
    const [run, tab, text, is_live] = [
      state.run.value,
      state.tab.value,
      state.other_text.value,
      selectors.is_live.value,
    ];
    if (tab !== "texts" || !run || run.is_stored || !is_live || text === "") return;
    if (state.activity.value === "playing") return;
    const shown = state.compared.peek();
    if (shown?.run === run && shown.other.text === text) return;
    if (shown?.other.text !== text) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (state.other_text.peek() !== text || state.run.peek() !== run) return;
    const found = await askCompared(run, text);
    if (found && state.run.peek() === run && state.other_text.peek() === text) state.compared.value = found;
  }

  /** @param {Compared} compared @param {number} layer @param {number} head */
  async function patternsOf(compared, layer, head) {
    const place = { layer, head };
    const first = await api.tensor(compared.run.run_id, "attention_pattern", place);
    const second = await api.tensor(compared.other.run_id, "attention_pattern", place);
    return { compared, layer, head, first, second };
  }

  async function refreshPatterns() {
    const [compared, layer, head] = [state.compared.value, state.layer.value, state.head.value];
    if (!compared || state.tab.value !== "texts") return;
    const found = await askPatterns(compared, layer, head);
    if (found && state.compared.peek() === compared) state.compared_patterns.value = found;
  }

  const actions = {
    /** @param {string} text */
    setOtherText(text) {
      state.other_text.value = text;
      if (text === "") state.compared.value = null;
    },
  };

  function start() {
    effect(() => reporting(state, refresh));
    effect(() => reporting(state, refreshPatterns));
  }

  return { start, actions };
}
