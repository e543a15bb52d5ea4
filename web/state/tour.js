import { batch } from "@preact/signals";
import { partAt } from "../layout/river/parts.js";
import { STOPS } from "./tour_stops.js";

/** @param {import("./state.js").State} state */
export function createTour(state) {
  return {
    /** Go to a stop of the tour and unfold what it is about; null, or one beyond the last, ends it. @param {number | null} index */
    goToStop(index) {
      const stop = index === null ? undefined : STOPS[index];
      batch(() => {
        state.stop.value = stop ? index : null;
        state.explained_cell.value = stop?.opens_sum ? likeliestLogit(state) : null;
        if (!stop) return;
        state.open_section.value = stop.section ?? null;
        state.open_item.value = null;
        state.open_part.value = stop.opens ? partAt(stop.opens, state.layer.value) : null;
        if (stop.tab) state.tab.value = stop.tab;
      });
    },
  };
}

/** @param {import("./state.js").State} state @returns {import("./exploring.js").ExplainedCell | null} */
function likeliestLogit(state) {
  const [run, prediction] = [state.run.peek(), state.prediction.peek()];
  const token = prediction?.candidates[0];
  if (!run || !token) return null;
  return { name: "logits", layer: null, head: null, row: run.tokens.length - 1, column: token.token_id };
}
