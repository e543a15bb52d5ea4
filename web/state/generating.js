import { createDrawAhead } from "./draw_ahead.js";
import { redoTarget } from "./tree.js";

// While tokens follow each other quickly the river is drawn this often at most.
const PICTURE_MS = 250;

/**
 * Growing the run token by token, and going back.
 * @param {import("./state.js").State} state
 * @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api
 * @param {import("./growing.js").Growing} growing
 */
export function createGenerating(state, selectors, api, { grow, goTo, during, stop, isStopping }) {
  const ahead = createDrawAhead(api);

  /** Draw a token; where another one follows at once, it is begun. @param {number} n_more to be drawn after this one @param {boolean} [is_hurried] there is no time for a picture, unless it is the last */
  const drawOn = (n_more, is_hurried = false) =>
    grow("drawn", async (run_id) => {
      const options = selectors.options.value;
      const reply = await ahead.take(run_id, options);
      const n_tokens = (state.run.value?.tokens.length ?? 0) + 1;
      const is_last =
        n_more === 0 || isStopping() || isEnd(state, reply.token_id) || n_tokens >= (selectors.n_ctx.value ?? 0);
      if (!is_last && state.pace_ms.value === 0) ahead.start(reply.run_id, options);
      return { ...reply, options, is_passed_over: is_hurried && !is_last };
    });

  return {
    /** Draw one token and read it. */
    generate: () => during("generating", () => drawOn(0)),

    /**
     * Draw token after token, at the pace that is set, until `play_count`, the end of the context, a mark that ends the text, Stop,
     * or a change of the text.
     */
    play: () =>
      during("playing", async () => {
        let pictured = Number.NEGATIVE_INFINITY;
        const count = state.play_count.value;
        for (let drawn = 1; drawn <= count && !isStopping(); drawn++) {
          const began = performance.now();
          const is_hurried = began - pictured < PICTURE_MS;
          if (!(await drawOn(count - drawn, is_hurried)) || selectors.is_full.value || isEnd(state)) break;
          if (!is_hurried) pictured = performance.now();
          // A frame at least: what is drawn of a token is seen, and the page answers.
          await new Promise((resolve) =>
            setTimeout(resolve, Math.max(1, state.pace_ms.value - (performance.now() - began))),
          );
        }
      }).finally(() => {
        ahead.drop();
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

/** Whether a token, the run's last if none is named, ends the text. @param {import("./state.js").State} state @param {number} [token_id] */
const isEnd = ({ run, end_tokens }, token_id = run.value?.tokens.at(-1)?.id ?? -1) =>
  end_tokens.value.includes(token_id);
