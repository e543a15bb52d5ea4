import { batch, effect } from "@preact/signals";
import { largestChanges } from "../layout/changes.js";
import { fits, keyOf, toAsked, withChange } from "./change.js";
import { changesFor, NO_CHANGES } from "./changes_state.js";
import { latestOnly } from "./latest.js";
import { isOfAnEarlierRun, reporting, toProblem } from "./problems.js";

const LISTED = 8;

/**
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./change.js").Change} Change
 */

/**
 * Changes made by hand: the run on screen is that of the text with them, and what they made of the answer stands beside it.
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api @param {import("./run_figures.js").Figures} figures
 */
export function createChanging(state, selectors, api, figures) {
  const askChanged = latestOnly(changedRun);
  const askEffect = latestOnly(effectOn);
  /** @type {Promise<void>} */
  let pending = Promise.resolve();

  /** @param {Run} run @param {Change[]} list */
  async function changedRun(run, list) {
    /** @type {Map<string, number>} */
    const run_ids = new Map();
    for (const one of list)
      if (one.kind === "row" && !run_ids.has(one.text)) run_ids.set(one.text, (await api.run_beside(one.text)).run_id);
    const reply = await api.changed(run.run_id, toAsked(list, run_ids));
    const changed = { ...run, run_id: reply.run_id, changes: list };
    return { changed, drawn: await figures.load(changed) };
  }

  /** Have the run on screen be the one with the changes that are wanted. */
  async function apply() {
    const [run, wanted, is_live] = [state.run.value, state.changes.value, selectors.is_live.value];
    if (!run || run.is_stored || !is_live) return;
    if ((run.changes ?? NO_CHANGES.list) === wanted.list) return;
    if (!run.changes && !fits(wanted.list, wanted.prefix, run, state.model_shape.peek())) {
      // Of another text.
      state.changes.value = NO_CHANGES;
      return;
    }
    const isWanted = () => state.run.peek() === run && state.changes.peek() === wanted;
    try {
      const reply = await askChanged(run, wanted.list);
      if (!reply || !isWanted()) return;
      batch(() => {
        state.run.value = reply.changed;
        state.prediction.value = reply.drawn.prediction ?? state.prediction.value;
      });
    } catch (error) {
      const problem = toProblem(error);
      if (!isWanted() || isOfAnEarlierRun(problem)) return;
      batch(() => {
        state.problem.value = problem;
        state.changes.value = changesOf(run);
      });
    }
  }

  /** @param {Run} run */
  async function effectOn(run) {
    const plain = await api.changed(run.run_id, {});
    const options = selectors.options.peek();
    const [before, after, labels] = [
      await api.probabilities(plain.run_id, options),
      await api.probabilities(run.run_id, options),
      await figures.labels(),
    ];
    const rows = largestChanges(before, after, LISTED);
    return { run, rows, labels: rows.map(({ token_id }) => labels[token_id]) };
  }

  async function refreshEffect() {
    const run = state.run.value;
    if (!run?.changes?.length) {
      state.effect.value = null;
      return;
    }
    if (state.activity.value === "playing") return;
    const found = await askEffect(run);
    if (found && state.run.peek() === run) state.effect.value = found;
  }

  /** @param {Run} run @returns {import("./changes_state.js").Changes} */
  const changesOf = (run) => changesFor(run, run.changes ?? NO_CHANGES.list);

  /** @param {Change[]} list */
  function change(list) {
    const run = state.run.peek();
    if (!run || run.is_stored || !selectors.is_live.peek()) return;
    state.changes.value = changesFor(run, list);
  }

  const actions = {
    /** @param {Change} one */
    addChange: (one) => change(withChange(state.changes.peek().list, one)),

    /** Undo one of them. @param {Change} one */
    removeChange: (one) => change(state.changes.peek().list.filter((other) => keyOf(other) !== keyOf(one))),

    clearChanges: () => change([]),

    /** What is about to be cut. @param {import("./changes_state.js").Part | null} part */
    pickPart(part) {
      state.picked_part.value = part;
    },
  };

  function start() {
    effect(() => {
      const work = apply();
      pending = work.catch(() => undefined);
      reporting(state, () => work);
    });
    effect(() => reporting(state, refreshEffect));
    // Places of another text.
    let tokens = state.run.peek()?.tokens;
    effect(() => {
      const run = state.run.value;
      if (run?.tokens !== tokens && run?.tokens[0] !== tokens?.[0]) state.picked_part.value = null;
      tokens = run?.tokens;
    });
  }

  /** Once the run on screen has the changes that are wanted. */
  async function settled() {
    for (let seen = null; seen !== pending; ) {
      seen = pending;
      await seen;
    }
  }

  return { start, actions, settled };
}
