import { computed } from "@preact/signals";
import { promptOf } from "./prompt.js";
import { SECTION_OF } from "./sections_state.js";
import { pathTo } from "./tree.js";

/** @typedef {ReturnType<typeof createSelectors>} Selectors */

/**
 * The controls as the options Python takes: a cut that is off is null.
 * @param {import("./types.js").Sampling} sampling @returns {import("./types.js").Options}
 */
export function toOptions({ temperature, seed, top_k, top_p, min_p, is_top_k_on, is_top_p_on, is_min_p_on }) {
  return {
    temperature,
    top_k: is_top_k_on ? top_k : null,
    top_p: is_top_p_on ? top_p : null,
    min_p: is_min_p_on ? min_p : null,
    seed,
  };
}

/**
 * The reverse: options as positions of the controls; a cut that is off keeps the value it has.
 * @param {import("./types.js").Options} options @param {import("./types.js").Sampling} sampling
 * @returns {import("./types.js").Sampling}
 */
export function fromOptions(options, sampling) {
  return {
    temperature: options.temperature ?? sampling.temperature,
    seed: options.seed ?? sampling.seed,
    top_k: options.top_k ?? sampling.top_k,
    top_p: options.top_p ?? sampling.top_p,
    min_p: options.min_p ?? sampling.min_p,
    is_top_k_on: options.top_k != null,
    is_top_p_on: options.top_p != null,
    is_min_p_on: options.min_p != null,
  };
}

/**
 * Whether two sets of options give the same probabilities; the seed only matters for the draw.
 * @param {import("./types.js").Options} a @param {import("./types.js").Options} b
 */
export function sameProbabilities(a, b) {
  const names = /** @type {const} */ (["temperature", "top_k", "top_p", "min_p"]);
  return names.every((name) => (a[name] ?? null) === (b[name] ?? null));
}

/**
 * Everything that follows from the state.
 * @param {import("./state.js").State} state
 */
export function createSelectors(state) {
  const options = computed(() => toOptions(state.sampling.value));
  const is_live = computed(() => state.boot.value.kind === "ready");
  const is_run_current = computed(() => state.run.value !== null && state.run.value.text === state.text.value);
  // The chips: the run's own tokens while it is of the text in the box, else those of the text.
  const chips = computed(() => {
    const { run, preview } = state;
    if (run.value && is_run_current.value) return run.value.tokens;
    if (preview.value.kind === "tokens") return preview.value.tokens;
    return state.text.value === "" ? [] : null;
  });
  // How many tokens the text has; null while nobody has counted.
  const n_tokens = computed(() => {
    const preview = state.preview.value;
    if (is_run_current.value || state.text.value === "") return chips.value?.length ?? 0;
    return preview.kind === "tokens" ? preview.n_tokens : null;
  });
  const n_ctx = computed(() => (state.preview.value.kind === "tokens" ? state.preview.value.n_ctx : null));
  /** The token put forward in a run. @param {import("./types.js").Run | null} run */
  const queryOf = (run) => {
    // Between two models there is no run, while the figures of the last one still stand.
    const last = Math.max(0, (run?.tokens.length ?? 0) - 1);
    return state.selected_query.value === null ? last : Math.min(state.selected_query.value, last);
  };
  const query = computed(() => queryOf(state.run.value));
  // What sections are asked with.
  const section_place = computed(() => ({
    layer: state.layer.value,
    head: state.head.value,
    position: query.value,
    norm: state.norm.value,
    options: options.value,
  }));
  const prompt_text = computed(() => promptOf(state.run.value));
  return {
    options,
    is_live,
    is_run_current,
    chips,
    n_ctx,
    n_tokens,
    is_too_long: computed(() => n_ctx.value !== null && n_tokens.value !== null && n_tokens.value > n_ctx.value),
    is_full: computed(() => n_ctx.value !== null && n_tokens.value !== null && n_tokens.value >= n_ctx.value),
    n_added: computed(() => {
      const run = state.run.value;
      return run && is_run_current.value ? run.tokens.length - run.n_prompt : 0;
    }),
    prompt_text,
    // The model's own probability of each token of the text; null where it is not known, and for the first.
    token_owns: computed(() => {
      const [run, known] = [state.run.value, state.prompt_own.value];
      if (!run || !is_run_current.value) return [];
      const is_known = known?.run_text === prompt_text.value && known.model === state.model_name.value;
      const prompt = Array.from({ length: run.n_prompt - 1 }, (_, at) => (is_known ? known.values[at] : null));
      return [null, ...prompt, ...pathTo(state.tree.value, state.tree.value.current).map(({ own }) => own)];
    }),
    is_prediction_current: computed(() => {
      const { prediction, run } = state;
      return (
        prediction.value !== null &&
        run.value?.run_id === prediction.value.run_id &&
        run.value.tokens.length === prediction.value.n_tokens &&
        sameProbabilities(prediction.value.options, options.value)
      );
    }),
    section_place,
    is_section_current: computed(() => {
      const section = state.section.value;
      return (
        section !== null &&
        section.name === state.open_section.value &&
        section.run === state.run.value &&
        SECTION_OF[section.name].every((name) => section[name] === section_place.value[name])
      );
    }),
    query,
    queryOf,
    // Whether the list of next tokens is that of the text's end: only there the text goes on.
    is_last_shown: computed(() => state.pointed_river.value === null),
    // What follows the token whose river is drawn; null while that is not known.
    shown_prediction: computed(() =>
      state.pointed_river.value === null ? state.prediction.value : state.pointed_prediction.value,
    ),
    model: computed(() => state.models.value.find(({ name }) => name === state.model_name.value) ?? null),
  };
}
