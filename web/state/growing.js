import { batch } from "@preact/signals";
import { toProblem } from "./problems.js";
import { goneTo, grown, pathTo } from "./tree.js";

/**
 * @typedef {ReturnType<typeof createGrowing>} Growing
 * @typedef {import("../client/python_api.js").TokenReply & {options?: import("./types.js").Options, is_passed_over?: boolean}} Grown
 *   by these options; passed over: it gets no picture
 */

/**
 * Making the run on screen longer, or another one of its tree; text, figures and tree change together.
 * @param {import("./state.js").State} state
 * @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api
 * @param {import("./run_figures.js").Figures} figures
 * @param {import("./reading.js").Reading} reading
 * @param {import("./river.js").RiverPart} river
 */
export function createGrowing(state, selectors, api, figures, reading, river) {
  let is_stopping = false;

  /** The tokens of a line of the tree, the prompt's before them. @param {import("./types.js").Run} run @param {number | null} id */
  const lineTo = (run, id) => [
    ...Array.from(run.token_ids).slice(0, run.n_prompt),
    ...pathTo(state.tree.peek(), id).map(({ token_id }) => token_id),
  ];

  /**
   * Add what a call answers to a line of the tree, the one on screen if none is named. False when the text was changed
   * meanwhile, or the call failed.
   * @param {import("./types.js").Origin} origin
   * @param {(run_id: number) => Promise<Grown>} call
   * @param {{branch?: number | null}} [how] the node to go on from
   */
  async function grow(origin, call, { branch } = {}) {
    if (!(await reading.read())) return false;
    const run = state.run.value;
    if (!run) return false;
    const began = performance.now();
    const tree = state.tree.peek();
    const from = branch === undefined ? tree.current : branch;
    // After a restart the run is that of the prompt alone.
    const is_here = from === tree.current && run.tokens.length === run.n_prompt + pathTo(tree, from).length;
    const base = is_here ? run : { ...run, ...(await api.go_to(run.run_id, lineTo(run, from))) };
    const reply = await call(base.run_id);
    const { token_id, token, own, cost, options, is_passed_over } = reply;
    const after = {
      ...base,
      run_id: reply.run_id,
      text: reply.text,
      token_ids: [...Array.from(base.token_ids), token_id],
      tokens: [...base.tokens, token],
    };
    const added = { token_id, label: token.label, origin, own };
    const shown = { tree: grown(tree, from, added), cost: { ...cost, ms: performance.now() - began } };
    const next = reply.next && options && { distribution: reply.next, options };
    return show(run, after, { ...shown, next, is_passed_over });
  }

  /** Show another line of the tree; what it shares with one that was read is not computed again. @param {number | null} id */
  async function goTo(id) {
    const run = state.run.value;
    if (!run || !selectors.is_run_current.value) return false;
    const began = performance.now();
    const { cost, ...reply } = await api.go_to(run.run_id, lineTo(run, id));
    const shown = { tree: goneTo(state.tree.peek(), id), cost: { ...cost, ms: performance.now() - began } };
    return show(run, { ...run, ...reply }, shown);
  }

  /**
   * Put `after` in the place of `before`, its figures with it. False when the text was changed meanwhile.
   * @param {import("./types.js").Run} before @param {import("./types.js").Run} after
   * @param {{tree: import("./tree.js").Tree, cost: import("./past_state.js").Cost, next?: import("./run_figures.js").Next,
   *   is_passed_over?: boolean}} shown
   */
  async function show(before, after, { tree, cost, next, is_passed_over = false }) {
    const is_current = () => state.run.value === before && selectors.is_run_current.value;
    if (!is_current()) return false;
    // Text and river are drawn in one frame.
    const [drawn] = await Promise.all([figures.load(after, next), is_passed_over ? null : river.ahead(after)]);
    if (!is_current()) return false;
    batch(() => {
      state.is_passed_over.value = is_passed_over;
      state.text.value = after.text;
      state.run.value = after;
      state.tree.value = tree;
      state.cost.value = cost;
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
        reading.holdTree();
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

  return {
    grow,
    goTo,
    during,
    stop() {
      is_stopping = true;
    },
    isStopping: () => is_stopping,
  };
}
