import assert from "node:assert/strict";
import { test } from "node:test";
import { createExploring } from "../../web/state/exploring.js";
import { createFollowers } from "../../web/state/followers.js";
import { createPointing } from "../../web/state/pointing.js";
import { createSelectors } from "../../web/state/selectors.js";
import { createState } from "../../web/state/state.js";

const N_LAYER = 3;
const settle = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));
const vector = (/** @type {number} */ value) => ({
  data: Float32Array.of(value),
  shape: [1, 1],
  axes: ["position", "n_embd"],
});

/** Figures of a pretended model whose tensors hold the number of their block. */
function pretend() {
  const state = createState();
  state.model_shape.value = {
    ...{ n_layer: N_LAYER, n_head: 1, n_kv_head: 1, n_embd: 1, d_head: 1, d_mlp: 4, is_tied: true },
    ...{ norm: "layer_norm", position: "learned", activation: "gelu_tanh" },
  };
  /** @type {{layers: (number | undefined)[], lens: number[], fails: unknown}} */
  const seen = { layers: [], lens: [], fails: null };
  const api = /** @type {any} */ ({
    async tensors(/** @type {number} */ _run, /** @type {{name: string, layer?: number}[]} */ asked) {
      seen.layers.push(asked[0].layer);
      await settle(2);
      if (seen.fails) throw seen.fails;
      return { tensors: asked.map(({ layer }) => vector(layer ?? -1)) };
    },
    head_marks: async () => ({ marks: [], counts: [], scores: vector(0) }),
    async lens(/** @type {number} */ _run, /** @type {number} */ start) {
      seen.lens.push(start);
      const shape = [N_LAYER + 1, 1];
      return {
        shape,
        token_ids: Int32Array.of(0, 0, 0, 1),
        probabilities: new Float32Array(4),
        final_ranks: new Int32Array(4),
      };
    },
  });
  const stored = /** @type {any} */ ({ tensors: () => new Map() });
  const figures = /** @type {any} */ ({ labels: async () => ["a", "b"] });
  createFollowers(state, createSelectors(state), api, stored, figures).start();
  const tokens = [{ id: 0, label: "a", start: 0, end: 1, is_fragment: false }];
  const run = (/** @type {number} */ run_id) => ({
    run_id,
    token_ids: [0],
    tokens,
    text: "a",
    n_prompt: 1,
    is_stored: false,
  });
  return { state, seen, run };
}

/** @param {number} layer */
const attention = (layer) => ({ kind: /** @type {const} */ ("attention"), layer });

test("an open block is asked for once in a run, and again in the next; a closed one never", async () => {
  const { state, seen, run } = pretend();
  state.run.value = run(1);
  await settle(20);
  assert.deepEqual(seen.layers, []);
  state.open_part.value = attention(0);
  await settle(20);
  assert.equal(state.block.value?.layer, 0);
  state.open_part.value = attention(1);
  await settle(20);
  state.open_part.value = attention(0);
  await settle(0);
  assert.equal(state.block.value?.layer, 0, "what is at hand is shown at once");
  assert.deepEqual(seen.layers, [0, 1]);
  state.run.value = run(2);
  await settle(20);
  assert.equal(state.block.value?.run.run_id, 2);
  assert.deepEqual(seen.layers, [0, 1, 0]);
});

test("of blocks opened in quick turn, the last one is shown", async () => {
  const { state, run } = pretend();
  state.run.value = run(1);
  for (let turn = 0; turn < 7; turn++) state.open_part.value = attention(turn % N_LAYER);
  await settle(40);
  assert.equal(state.block.value?.layer, state.open_part.value?.layer);
  assert.equal(state.block.value?.tensors.get("query")?.data[0], state.open_part.value?.layer);
});

test("the logit lens and the heads are read while they are shown", async () => {
  const { state, seen, run } = pretend();
  state.run.value = run(1);
  await settle(20);
  assert.deepEqual([seen.lens, seen.layers], [[], []]);
  state.tab.value = "lens";
  await settle(20);
  assert.deepEqual(seen.lens, [0]);
  assert.equal(state.lens.value?.columns.get(0)?.labels[N_LAYER], "b");
  state.tab.value = "heads";
  await settle(40);
  assert.deepEqual(seen.layers, [0, 1, 2]);
});

test("a failure is shown, a run that is gone is not", async () => {
  const { state, seen, run } = pretend();
  seen.fails = { code: "unknown_run", message: "" };
  state.open_part.value = attention(0);
  state.run.value = run(1);
  await settle(20);
  assert.equal(state.problem.value, null);
  seen.fails = { code: "out_of_memory", message: "" };
  state.run.value = run(2);
  await settle(20);
  assert.deepEqual(state.problem.value, { code: "out_of_memory", message: "", detail: undefined });
});

test("a section opens, and the same once more folds it", () => {
  const state = createState();
  const { openSection, explainCell } = createExploring(state);
  openSection("mlp");
  openSection("heads");
  assert.equal(state.tab.value, "heads");
  assert.equal(state.open_section.value, "mlp");
  openSection("mlp");
  assert.equal(state.open_section.value, null);
  explainCell({ name: "norm_1", layer: 0, head: null, row: 1, column: 2 });
  assert.equal(state.explained_cell.value?.column, 2);
  createPointing(state).pointAtToken(4);
  assert.equal(state.pointed_token.value, 4);
});
