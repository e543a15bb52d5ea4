import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createSelectors } from "../../web/state/selectors.js";
import { createState } from "../../web/state/state.js";
import { createWorkbench } from "../../web/state/workbench.js";

/** @typedef {{kind: string, code: string, settle: (reply: any) => void, fail: (error: unknown) => void, print: (text: string, is_cut: boolean) => void}} Asked */

const RUN = /** @type {any} */ ({ run_id: 1, tokens: [], token_ids: [], is_stored: false });
const SOURCE = "def divide(): ...";
const FIGURE = { figure: { steps: {} }, mistake: null };
const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

/** @type {Asked[]} */
let asked = [];
let n_stops = 0;
/** @type {ReturnType<typeof createState>} */
let state;
/** @type {ReturnType<typeof createWorkbench>["actions"]} */
let actions;

/** A pretended Python that answers when it is told to; stopping it fails what waits. */
const host = {
  start: async () => {},
  stop() {
    n_stops += 1;
    for (const { fail } of asked.splice(0)) fail({ code: "cancelled", message: "Stopped." });
  },
  source: async () => SOURCE,
  run: (
    /** @type {string} */ kind,
    /** @type {string} */ code,
    /** @type {object} */ _,
    /** @type {Asked["print"]} */ print,
  ) => new Promise((settle, fail) => asked.push({ kind, code, settle, fail, print })),
};

const yours = () => state.bench_figures.value?.yours;

/** Answer what Python was asked last. @param {any} reply */
async function answer(reply) {
  await tick();
  asked.pop()?.settle(reply);
  await tick();
}

beforeEach(async () => {
  asked = [];
  state = createState({ text: "one", tab: "sampling" });
  state.run.value = RUN;
  const api = /** @type {any} */ ({ probabilities: async () => ({ token_ids: [], logits: [] }) });
  const figures = /** @type {any} */ ({ labels: async () => [] });
  const workbench = createWorkbench(state, createSelectors(state), api, figures, host);
  actions = workbench.actions;
  workbench.start();
  actions.toggleBench("sampling");
  await answer(FIGURE);
  n_stops = 0;
});

test("the original is drawn at once, a version when it is run", async () => {
  assert.equal(yours(), null);
  actions.editCode("sampling", "edited");
  await tick();
  assert.equal(asked.length, 0, "editing runs nothing");
  actions.runCode("sampling");
  await tick();
  assert.equal(asked[0].code, SOURCE);
  await answer(FIGURE);
  assert.equal(asked[0].code, "edited");
  assert.equal(state.bench_activity.value, "running");
  asked[0].print("hello\n", false);
  await answer({ figure: null, mistake: { reason: "nan", line: 3, python: "", facts: {} } });
  assert.equal(state.bench_printed.value.text, "hello\n");
  assert.equal(yours()?.mistake?.line, 3);
  assert.equal(state.bench_activity.value, "idle");
});

test("a version follows the settings", async () => {
  actions.editCode("sampling", "edited");
  actions.runCode("sampling");
  await answer(FIGURE);
  await answer(FIGURE);
  state.sampling.value = { ...state.sampling.value, temperature: 2 };
  await answer(FIGURE);
  assert.equal(asked[0].code, "edited");
  await answer(FIGURE);
  const place = state.bench_figures.value?.place;
  assert.equal(place?.kind === "sampling" && place.options.temperature, 2);
});

test("what is stopped keeps its code, is told, and is not run again by itself", async () => {
  actions.editCode("sampling", "endless");
  actions.runCode("sampling");
  await answer(FIGURE);
  assert.equal(state.bench_activity.value, "running");
  actions.stopCode();
  await tick();
  assert.equal(state.bench_end.value, "stopped");
  assert.equal(state.bench_activity.value, "idle");
  assert.equal(state.bench_codes.value.sampling, "endless");
  assert.equal(asked.length, 0);
  state.sampling.value = { ...state.sampling.value, temperature: 2 };
  await answer(FIGURE);
  assert.equal(asked.length, 0, "only the original is drawn again");
});

test("the original comes back, and closing ends Python", async () => {
  actions.editCode("sampling", "edited");
  actions.runCode("sampling");
  await answer(FIGURE);
  await answer(FIGURE);
  actions.resetCode("sampling");
  await answer(FIGURE);
  assert.equal(state.bench_codes.value.sampling, undefined);
  assert.equal(yours(), null);
  state.tab.value = "why";
  assert.equal(n_stops, 1, "nobody sees it");
  actions.toggleBench("sampling");
  assert.equal(state.bench.value, null);
});
