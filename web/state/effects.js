import { effect } from "@preact/signals";
import { reporting } from "./problems.js";

/**
 * What follows a change of the state by itself: new slices for the figures.
 * @param {import("./actions.js").Parts} parts
 */
export function startEffects({ state, selectors, figures }) {
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
    reporting(state, figures.refreshPrediction);
  });
}
