import { batch } from "@preact/signals";
import { changesFor } from "./changes_state.js";
import { latestOnly } from "./latest.js";
import { toProblem } from "./problems.js";
import { EMPTY_TREE, fitted } from "./tree.js";

// What a text is to blame for; another text mends it. All else is mended by trying again.
const OF_THE_TEXT = new Set(["empty_text", "text_too_long", "text_not_unicode"]);
// A pause in typing after which the model reads the text.
const PAUSE_MS = 250;

/** @typedef {ReturnType<typeof createReading>} Reading */

/**
 * From the text in the box to a run: tokens at every key, the model after a pause.
 * @param {import("./state.js").State} state
 * @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api
 * @param {import("./run_figures.js").Figures} figures
 */
export function createReading(state, selectors, api, figures) {
  const askTokens = latestOnly(api.tokenize);
  const askRun = latestOnly(api.run);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;

  /** @param {string} text */
  function setText(text) {
    state.text.value = text;
    state.problem.value = null;
    clearTimeout(pause);
    if (!selectors.is_live.value) return;
    pause = setTimeout(read, PAUSE_MS);
    void preview();
  }

  /** Split the text into tokens, without the model. */
  async function preview() {
    const text = state.text.value;
    if (text === "") {
      state.preview.value = { kind: "empty" };
      return;
    }
    try {
      const reply = await askTokens(text);
      if (!reply) return;
      const { token_ids, tokens, n_ctx } = reply;
      state.preview.value = { kind: "tokens", text, tokens, n_tokens: token_ids.length, n_ctx };
    } catch (error) {
      const problem = toProblem(error);
      if (state.text.value !== text) return;
      if (OF_THE_TEXT.has(problem.code)) state.preview.value = { kind: "problem", text, problem };
      else state.problem.value = problem;
    }
  }

  /**
   * Have the model read the text in the box. The last good run stays on screen until the new one is here.
   * @returns {Promise<boolean>} whether the run is of the text
   */
  async function read() {
    clearTimeout(pause);
    const text = state.text.value;
    if (!selectors.is_live.value || text === "") return false;
    if (selectors.is_run_current.value && !state.run.value?.is_stored) return true;
    if (isHopeless(text)) return false;
    const was_idle = state.activity.value === "idle";
    if (was_idle) state.activity.value = "reading";
    try {
      const reply = await askRun(text);
      if (!reply || state.text.value !== text) return false;
      return await show(reply, text);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code !== "stale" && state.text.value === text) state.problem.value = problem;
      return false;
    } finally {
      if (was_idle && state.activity.value === "reading") state.activity.value = "idle";
    }
  }

  /**
   * Put a run on screen together with its figures, unless the text was changed meanwhile.
   * @param {import("../client/python_api.js").RunReply} reply @param {string} text
   * @param {import("./change.js").Change[]} [list] what is changed in it
   */
  async function show(reply, text, list) {
    const changes = list && changesFor(reply, list);
    const whole = { ...reply, text, n_prompt: reply.tokens.length, is_stored: false };
    const run = changes ? { ...whole, changes: changes.list } : whole;
    const drawn = await figures.load(run);
    if (state.text.value !== text) return false;
    const pending = state.pending.peek();
    const most_depth = (selectors.n_ctx.peek() ?? Infinity) - run.n_prompt;
    const tree = pending?.text === text ? fitted(pending.tree, await figures.labels(), most_depth) : EMPTY_TREE;
    if (state.text.value !== text) return false;
    batch(() => {
      state.tree.value = tree;
      state.pending.value = null;
      state.cost.value = null;
      state.run.value = run;
      if (changes) state.changes.value = changes;
      state.prediction.value = drawn.prediction ?? state.prediction.value;
      state.selected_query.value = pending?.text === text ? pending.token : null;
      state.problem.value = null;
    });
    return true;
  }

  /**
   * Show a run that was made from outside, and its text in the box.
   * @param {import("../client/python_api.js").RunReply} reply @param {import("./change.js").Change[]} [changes] made in it
   */
  async function adopt(reply, changes = []) {
    clearTimeout(pause);
    state.text.value = reply.text;
    void preview();
    await show(reply, reply.text, changes);
  }

  /** The run of the text in the box, read first if need be; null where there is none. */
  async function current() {
    for (;;) {
      const text = state.text.value;
      if (await read()) return state.run.value;
      if (state.text.value === text) return null;
    }
  }

  /** Whether it is known already that the text cannot be read; the page says why. @param {string} text */
  function isHopeless(text) {
    const preview = state.preview.value;
    if (preview.kind !== "tokens" && preview.kind !== "problem") return false;
    return preview.text === text && (preview.kind === "problem" || preview.n_tokens > preview.n_ctx);
  }

  /** After a start, a restart or a change of model: everything again for the text in the box. */
  async function start() {
    if (!state.run.value?.is_stored) state.run.value = null;
    await preview();
    await read();
  }

  /** Keep what came after the prompt over a restart of the model: the prompt is read again, and the tree goes on from it. */
  function holdTree() {
    const [run, tree] = [state.run.peek(), state.tree.peek()];
    if (!run || run.is_stored || !selectors.is_run_current.peek() || tree.nodes.size === 0) return;
    const text = selectors.prompt_text.peek();
    batch(() => {
      state.pending.value = { text, tree, token: state.selected_query.peek() };
      state.text.value = text;
    });
  }

  return { setText, preview, read, start, adopt, current, holdTree };
}
