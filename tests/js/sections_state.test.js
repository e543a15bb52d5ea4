import assert from "node:assert/strict";
import { test } from "node:test";
import { createSections } from "../../web/state/sections.js";
import { createSelectors } from "../../web/state/selectors.js";
import { createState } from "../../web/state/state.js";

const settle = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sections over a pretended model that answers after a moment with what it was asked. */
function pretend() {
  const state = createState();
  const selectors = createSelectors(state);
  /** @type {any[]} */
  const asked = [];
  const api = /** @type {any} */ ({
    section: async (/** @type {number} */ run_id, /** @type {string} */ name, /** @type {any} */ place) => {
      asked.push({ run_id, name, ...place });
      await settle(20);
      return { ...place };
    },
  });
  createSections(state, selectors, api, /** @type {any} */ ({ labels: async () => [] })).start();
  const token = { id: 0, label: "a", start: 0, end: 1, is_fragment: false };
  state.run.value = {
    run_id: 1,
    token_ids: [0, 0],
    tokens: [token, token],
    text: "aa",
    n_prompt: 2,
    is_stored: false,
  };
  return { state, selectors, asked };
}

test("a section shows the norm it was asked with, and is not current until the new one is here", async () => {
  const { state, selectors } = pretend();
  state.open_section.value = "layer_norm";
  await settle(5);
  state.norm.value = "norm_2";
  await settle(20);
  assert.equal(state.section.value?.norm, "norm_1");
  assert.equal(state.section.value?.data.norm, "norm_1", "name and numbers belong together");
  assert.equal(selectors.is_section_current.value, false);
  await settle(40);
  assert.equal(state.section.value?.norm, "norm_2");
  assert.equal(state.section.value?.data.norm, "norm_2");
  assert.equal(selectors.is_section_current.value, true);
});

test("the sampling section keeps the settings its numbers were made with", async () => {
  const { state, selectors } = pretend();
  state.open_section.value = "sampling";
  await settle(5);
  state.sampling.value = { ...state.sampling.value, temperature: 2 };
  await settle(20);
  const { options, data } = /** @type {any} */ (state.section.value);
  assert.equal(options.temperature, data.options.temperature);
  assert.notEqual(options.temperature, 2);
  assert.equal(selectors.is_section_current.value, false);
});

test("a section is asked for again only for what it depends on", async () => {
  const { state, asked } = pretend();
  state.open_section.value = "mlp";
  await settle(30);
  state.head.value = 3;
  state.norm.value = "norm_final";
  state.sampling.value = { ...state.sampling.value, temperature: 2 };
  await settle(30);
  assert.equal(asked.length, 1);
  state.layer.value = 1;
  state.selected_query.value = 0;
  await settle(60);
  assert.deepEqual(asked.at(-1), { run_id: 1, name: "mlp", layer: 1, position: 0, count: 12 });
});
