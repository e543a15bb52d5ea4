import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnswers } from "../../web/state/answers.js";
import { answersTo, MOST_KEPT, withAnswer } from "../../web/state/answers_state.js";
import { createState } from "../../web/state/state.js";

const settle = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));
const pattern = { data: new Float32Array(1), shape: [1, 1], axes: ["query", "key"] };

/** @param {number} run_id @param {string} text @returns {import("../../web/state/types.js").Run} */
const runOf = (run_id, text) => ({
  ...{ run_id, text, token_ids: [0], n_prompt: 1, is_stored: false },
  tokens: [{ id: 0, label: text, start: 0, end: text.length, is_fragment: false }],
});

/** @param {string} model @param {string} text @returns {import("../../web/state/answers_state.js").Answer} */
const answer = (model, text, head = 0) => ({
  ...{ model, display_name: model, run: runOf(1, text), said: [], n_others: 0, layer: 0, head, pattern },
});
const names = (/** @type {import("../../web/state/answers_state.js").Answer[]} */ answers) =>
  answers.map(({ model, run, head }) => `${model}:${run.text}:${head}`);

test("each model's last answer to the text, of so many models, and none to another text", () => {
  let answers = [answer("a", "one"), answer("b", "one")];
  answers = withAnswer(answers, answer("a", "one", 3));
  assert.deepEqual(names(answers), ["b:one:0", "a:one:3"]);
  for (const model of ["c", "d", "e", "f"]) answers = withAnswer(answers, answer(model, "one"));
  assert.equal(answers.length, MOST_KEPT);
  assert.deepEqual(names(answers).at(-1), "f:one:0");
  assert.equal(answersTo(answers, "one"), answers);
  assert.deepEqual(answersTo(answers, "two"), []);
  assert.deepEqual(names(withAnswer(answers, answer("a", "two"))), ["a:two:0"]);
});

/** A page with a pretended model in use, "a", and another, "b". */
function pretend() {
  const state = createState();
  /** @type {{run_id: number, layer: number, head: number}[]} */
  const asked = [];
  const api = /** @type {any} */ ({
    async tensor(
      /** @type {number} */ run_id,
      /** @type {string} */ _name,
      /** @type {{layer: number, head: number}} */ place,
    ) {
      asked.push({ run_id, ...place });
      await settle(2);
      return pattern;
    },
  });
  const model = (/** @type {string} */ name) => /** @type {any} */ ({ name, display_name: name, state: "ready" });
  state.models.value = [model("a"), model("b")];
  state.model_shape.value = /** @type {any} */ ({ n_layer: 2, n_head: 2 });
  const answers = createAnswers(state, api);
  answers.start();
  /** As `use` of a model does: it is named, there is no run, then there is one. @param {string} name */
  const use = (name) => {
    state.model_name.value = name;
    state.run.value = null;
  };
  const show = (/** @type {number} */ run_id, /** @type {string} */ text) => {
    const candidate = { token_id: 0, label: "x", own: 0.5, probability: 1, share: 1, logit: 0, is_kept: true };
    state.prediction.value = {
      ...{ run_id, n_tokens: 1, vocab_size: 9, stages: [], candidates: [candidate] },
      options: { temperature: 1, top_k: null, top_p: null, min_p: null, seed: 0 },
    };
    state.text.value = text;
    state.run.value = runOf(run_id, text);
  };
  return { state, answers, asked, use, show };
}

test("an answer is fetched while it is shown or its model is about to go, and is never another model's", async () => {
  const { state, answers, asked, use, show } = pretend();
  use("a");
  show(1, "one");
  await settle();
  assert.deepEqual(asked, [], "nobody looks");
  state.head.value = 1;
  await answers.actions.keepAnswer();
  assert.deepEqual(names(state.answers.value), ["a:one:1"]);
  assert.deepEqual(state.answers.value[0].said, [{ label: "x", own: 0.5 }]);
  assert.equal(state.answers.value[0].n_others, 8);

  // The next model is named while the run on screen is still the one before's.
  state.tab.value = "models";
  state.model_name.value = "b";
  state.head.value = 0;
  await settle();
  assert.deepEqual(names(state.answers.value), ["a:one:1"]);
  use("b");
  await settle();
  assert.deepEqual(names(state.answers.value), ["a:one:1"], "between two models it is kept");
  show(1, "one");
  await settle();
  assert.deepEqual(names(state.answers.value), ["a:one:1", "b:one:0"]);
  state.head.value = 1;
  await settle();
  assert.deepEqual(names(state.answers.value), ["a:one:1", "b:one:1"], "the kept pattern stays as it was");

  show(2, "two");
  assert.deepEqual(state.answers.value, [], "forgotten with the text, before the new one's is there");
  await settle();
  assert.deepEqual(names(state.answers.value), ["b:two:1"]);
});

test("what comes too late, for a text that is gone, is not kept", async () => {
  const { state, use, show } = pretend();
  use("a");
  state.tab.value = "models";
  show(1, "one");
  show(2, "two");
  await settle(20);
  assert.deepEqual(names(state.answers.value), ["a:two:0"]);
});

test("while another model is on its way, what the present one says is followed", async () => {
  const { state, use, show } = pretend();
  use("a");
  state.models.value = state.models.value.map((model) => ({
    ...model,
    state: model.name === "b" ? "loading" : "ready",
  }));
  show(1, "one");
  await settle();
  assert.deepEqual(names(state.answers.value), ["a:one:0"]);
  state.activity.value = "playing";
  show(2, "one more");
  await settle();
  assert.deepEqual(names(state.answers.value), [], "not at every token that is played");
});
