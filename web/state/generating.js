import { batch } from "@preact/signals";
import { END_MARK } from "./limits.js";
import { toProblem } from "./problems.js";

/** @typedef {ReturnType<typeof createGenerating>} Generating */

/**
 * Growing the run token by token, and going back.
 * @param {import("./state.js").State} state
 * @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api
 * @param {import("./run_figures.js").Figures} figures
 * @param {import("./reading.js").Reading} reading
 */
export function createGenerating(state, selectors, api, figures, reading) {
  let is_stopping = false;

  /**
   * Add what a call answers to the run. False when the text was changed meanwhile, or the call failed.
   * @param {import("./types.js").Origin} origin
   * @param {(run: import("./types.js").Run) => Promise<import("../client/python_api.js").TokenReply>} call
   */
  async function grow(origin, call) {
    if (!(await reading.read())) return false;
    const run = state.run.value;
    if (!run) return false;
    const reply = await call(run);
    return show(run, {
      ...run,
      run_id: reply.run_id,
      text: reply.text,
      token_ids: [...Array.from(run.token_ids), reply.token_id],
      tokens: [...run.tokens, reply.token],
      additions: [...run.additions, { origin, probability: reply.probability }],
    });
  }

  /**
   * Put `after` in the place of `before`, its figures with it. False when the text was changed meanwhile.
   * @param {import("./types.js").Run} before @param {import("./types.js").Run} after
   */
  async function show(before, after) {
    const is_current = () => state.run.value === before && selectors.is_run_current.value;
    if (!is_current()) return false;
    const drawn = await figures.load(after);
    if (!is_current()) return false;
    batch(() => {
      state.text.value = after.text;
      state.run.value = after;
      state.prediction.value = drawn.prediction ?? state.prediction.value;
    });
    return true;
  }

  /** @param {import("./types.js").Activity} activity @param {() => Promise<unknown>} work */
  async function during(activity, work) {
    if (!selectors.is_live.value || isBusy()) return;
    is_stopping = false;
    state.activity.value = activity;
    state.problem.value = null;
    try {
      await work().catch(async (error) => {
        if (toProblem(error).code !== "unknown_run") throw error;
        // Someone ran another text, in the console for instance: read this one again, then do it.
        state.run.value = null;
        await work();
      });
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code !== "stale") state.problem.value = problem;
    } finally {
      state.activity.value = "idle";
    }
  }

  function isBusy() {
    return state.activity.value === "generating" || state.activity.value === "playing";
  }

  const draw = () => grow("drawn", (run) => api.generate_token(run.run_id, selectors.options.value));

  return {
    /** Draw one token and read it. */
    generate: () => during("generating", draw),

    /**
     * Draw token after token, at the pace that is set, until `play_count`, the end of the context, a mark that ends the text, Stop,
     * or a change of the text.
     */
    play: () =>
      during("playing", async () => {
        for (let drawn = 0; drawn < state.play_count.value && !is_stopping; drawn++) {
          const began = performance.now();
          if (!(await draw()) || selectors.is_full.value || isEnd(state.run.value)) break;
          // A frame at least: what is drawn of a token is seen, and the page answers.
          await new Promise((resolve) =>
            setTimeout(resolve, Math.max(1, state.pace_ms.value - (performance.now() - began))),
          );
        }
      }),

    stop() {
      is_stopping = true;
    },

    /** Continue with a token the reader picked. @param {number} token_id */
    choose: (token_id) => during("generating", () => grow("chosen", (run) => api.append_token(run.run_id, token_id))),

    /** Take back the last token that was added; nothing is computed again. */
    undo: () =>
      during("generating", async () => {
        const run = state.run.value;
        if (!run || selectors.n_added.value === 0) return;
        const reply = await api.rewind(run.run_id, run.tokens.length - 1);
        await show(run, { ...run, ...reply, additions: run.additions.slice(0, -1) });
      }),
  };
}

/** Whether the last token ends the text. @param {import("./types.js").Run | null} run */
const isEnd = (run) => run?.tokens.at(-1)?.label === END_MARK;
