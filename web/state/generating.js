import { effect } from "@preact/signals";
import { redoTarget } from "./tree.js";

// While tokens follow each other quickly the river is drawn this often at most.
const PICTURE_MS = 250;
// A river that does not come holds nobody up for longer.
const PATIENCE_MS = 500;

/**
 * Growing the run token by token, and going back.
 * @param {import("./state.js").State} state
 * @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api
 * @param {import("./growing.js").Growing} growing
 */
export function createGenerating(state, selectors, api, { grow, goTo, during, stop, isStopping }) {
  const draw = () => grow("drawn", (run_id) => api.generate_token(run_id, selectors.options.value));

  return {
    /** Draw one token and read it. */
    generate: () => during("generating", draw),

    /**
     * Draw token after token, at the pace that is set, until `play_count`, the end of the context, a mark that ends the text, Stop,
     * or a change of the text.
     */
    play: () =>
      during("playing", async () => {
        let pictured = Number.NEGATIVE_INFINITY;
        for (let drawn = 0; drawn < state.play_count.value && !isStopping(); drawn++) {
          const began = performance.now();
          state.is_passed_over.value = began - pictured < PICTURE_MS;
          if (!(await draw()) || selectors.is_full.value || isEnd(state)) break;
          if (!state.is_passed_over.value) {
            await whenPictured(state);
            pictured = performance.now();
          }
          // A frame at least: what is drawn of a token is seen, and the page answers.
          await new Promise((resolve) =>
            setTimeout(resolve, Math.max(1, state.pace_ms.value - (performance.now() - began))),
          );
        }
      }).finally(() => {
        state.is_passed_over.value = false;
      }),

    stop,

    /** Continue with a token the reader picked. @param {number} token_id */
    choose: (token_id) => during("generating", () => grow("chosen", (run_id) => api.append_token(run_id, token_id))),

    /** Take back the last token that was added; it stays in the tree. */
    undo: () =>
      during("generating", async () => {
        const { current, nodes } = state.tree.value;
        if (current !== null) await goTo(nodes.get(current)?.parent ?? null);
      }),

    /** Once more what was taken back. */
    redo: () =>
      during("generating", async () => {
        const target = redoTarget(state.tree.value);
        if (target !== null) await goTo(target);
      }),
  };
}

/** Whether the last token ends the text. @param {import("./state.js").State} state */
const isEnd = ({ run, end_tokens }) => end_tokens.value.includes(run.value?.tokens.at(-1)?.id ?? -1);

/** Settles when the river drawn is that of the run that is shown, if there is one at all. @param {import("./state.js").State} state */
function whenPictured(state) {
  if (!state.river.peek()) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(settle, PATIENCE_MS);
    const stop = effect(() => {
      // Not from within: an effect cannot end itself while it is being made.
      if (state.river.value?.run === state.run.value) queueMicrotask(settle);
    });
    function settle() {
      clearTimeout(timer);
      stop();
      resolve(null);
    }
  });
}
