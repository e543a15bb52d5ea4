import { effect } from "@preact/signals";
import { toProblem } from "./problems.js";
import { readShared, writeShared } from "./url.js";

// Browsers refuse more than some hundred address changes in half a minute.
const ADDRESS_PAUSE_MS = 300;

/**
 * What follows a change of the state by itself: new slices for the figures, and the address.
 * @param {import("./actions.js").Parts} parts
 */
export function startEffects({ state, selectors, figures, stored }) {
  /** @param {unknown} error */
  const report = (error) => {
    const problem = toProblem(error);
    // A run that is gone has been replaced; its reply is not missed.
    if (problem.code !== "unknown_run" && problem.code !== "stale") state.problem.value = problem;
  };

  // A block or head the model does not have: the last one it has.
  effect(() => {
    const shape = state.model_shape.value;
    if (!shape) return;
    state.layer.value = Math.min(state.layer.value, shape.n_layer - 1);
    state.head.value = Math.min(state.head.value, shape.n_head - 1);
  });

  effect(() => {
    const run = state.run.value;
    // Read first: whether it is current stays "no" through many changes of the options, and each one counts.
    void selectors.options.value;
    if (!run || run.is_stored || selectors.is_prediction_current.value) return;
    figures.refreshPrediction().catch(report);
  });

  effect(() => {
    const [run, pattern, layer, head] = [state.run.value, state.pattern.value, state.layer.value, state.head.value];
    if (!run) return;
    const is_current =
      pattern?.layer === layer &&
      pattern.head === head &&
      pattern.run_id === run.run_id &&
      pattern.tokens === run.tokens;
    if (is_current) return;
    if (run.is_stored) stored.showPattern(run, layer, head);
    else figures.refreshPattern().catch(report);
  });
}

/**
 * Keep the address in step with the state, and the state with an address that is typed or pasted.
 * @param {import("./state.js").State} state
 * @param {(text: string) => void} setText
 */
export function syncAddress(state, setText) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  let written = location.hash.replace(/^#/, "");
  effect(() => {
    const fragment = writeShared({
      // What the page begins with need not be said.
      text: state.text.value === state.examples.value[0]?.text ? "" : state.text.value,
      model: state.model_name.value ?? "",
      default_model: state.models.value[0]?.name ?? state.model_name.value,
      layer: state.layer.value,
      head: state.head.value,
      language: state.language.value,
      panel: state.open_panel.value,
      sampling: state.sampling.value,
    });
    clearTimeout(pause);
    pause = setTimeout(() => {
      written = fragment;
      history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
    }, ADDRESS_PAUSE_MS);
  });
  addEventListener("hashchange", () => {
    const fragment = location.hash.replace(/^#/, "");
    if (fragment === written) return;
    written = fragment;
    const shared = readShared(fragment);
    if (shared.layer !== undefined) state.layer.value = shared.layer;
    if (shared.head !== undefined) state.head.value = shared.head;
    if (shared.language) state.language.value = shared.language;
    if (shared.sampling) state.sampling.value = { ...state.sampling.value, ...shared.sampling };
    state.open_panel.value = shared.panel ?? null;
    if (shared.text !== undefined && shared.text !== state.text.value) setText(shared.text);
  });
}
