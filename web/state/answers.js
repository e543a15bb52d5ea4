import { computed, effect } from "@preact/signals";
import { answersTo, withAnswer } from "./answers_state.js";
import { latestOnly } from "./latest.js";
import { reporting } from "./problems.js";

const SAID = 8;

/** @typedef {import("./answers_state.js").Answer} Answer */

/**
 * What each model made of the text in the box, kept when the model is no longer there: one is loaded at a time. It is
 * fetched while it is shown and while another model is on its way.
 * @param {import("./state.js").State} state @param {import("../client/python_api.js").PythonApi} api
 */
export function createAnswers(state, api) {
  const askAnswer = latestOnly(answerOf);
  /** @type {WeakMap<import("./types.js").Run, string>} whose run it is: the next model is named before its run is there */
  const owners = new WeakMap();
  const is_wanted = computed(
    () =>
      state.activity.value !== "playing" &&
      (state.tab.value === "models" || state.models.value.some((model) => model.state === "loading")),
  );

  /** @param {Omit<Answer, "pattern">} known */
  async function answerOf(known) {
    const { run, layer, head } = known;
    return { ...known, pattern: await api.tensor(run.run_id, "attention_pattern", { layer, head }) };
  }

  /** What the model in use says now, all but the pattern; null where there is nothing to ask about, or it is kept already. */
  function present() {
    const [run, prediction, layer, head] = [
      state.run.value,
      state.prediction.value,
      state.layer.value,
      state.head.value,
    ];
    const [model, shape] = [state.model_name.value, state.model_shape.value];
    if (!run || run.is_stored || !model || owners.get(run) !== model) return null;
    if (prediction?.run_id !== run.run_id || prediction.n_tokens !== run.tokens.length) return null;
    if (!shape || layer >= shape.n_layer || head >= shape.n_head) return null;
    const known = state.answers.peek().find((answer) => answer.model === model);
    if (known?.run === run && known.layer === layer && known.head === head) return null;
    const said = prediction.candidates.slice(0, SAID).map(({ label, own }) => ({ label, own }));
    const display_name = state.models.peek().find(({ name }) => name === model)?.display_name ?? model;
    return { model, display_name, run, said, n_others: prediction.vocab_size - said.length, layer, head };
  }

  async function keep() {
    const known = present();
    const answer = known && (await askAnswer(known));
    // Between two models there is no run; the text is still the same.
    if (answer && (state.run.peek() ?? answer.run) === answer.run) {
      state.answers.value = withAnswer(state.answers.peek(), answer);
    }
  }

  function start() {
    // The run on screen says which text it is; what is typed is not read yet.
    effect(() => {
      const run = state.run.value;
      if (!run) return;
      const model = state.model_name.peek();
      if (model && !owners.has(run)) owners.set(run, model);
      state.answers.value = answersTo(state.answers.peek(), run.text);
    });
    effect(() => {
      if (is_wanted.value) reporting(state, keep);
    });
  }

  const actions = {
    /** Before another model takes the place of the one in use; a failure there is no reason not to. */
    keepAnswer: () => keep().catch(() => {}),
    /** @param {string} model */
    setBeside(model) {
      state.beside_model.value = model;
    },
  };

  return { start, actions };
}
