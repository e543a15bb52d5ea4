import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { syncAddress } from "../../web/state/address.js";
import { DEFAULT_SAMPLING } from "../../web/state/limits.js";
import { createState } from "../../web/state/state.js";

const world = /** @type {any} */ (globalThis);
/** @type {(event: {newURL: string}) => void} */
let changed = () => {};

before(() => {
  world.location = { hash: "", pathname: "/", search: "" };
  world.history = {
    replaceState: (/** @type {unknown} */ _state, /** @type {string} */ _title, /** @type {string} */ url) => {
      world.location.hash = url.startsWith("#") ? url : "";
    },
  };
  world.addEventListener = (/** @type {string} */ _type, /** @type {typeof changed} */ listener) => {
    changed = listener;
  };
});
after(async () => {
  // What is still to be written into the address.
  await new Promise((resolve) => setTimeout(resolve, 350));
  for (const name of ["location", "history", "addEventListener"]) delete world[name];
});

/** A page with two models and two examples, whose address is typed. */
function page() {
  world.location.hash = "";
  const state = createState({ text: "First" });
  state.examples.value = [
    { file: "0.run", bytes: 1, text: "First", layer: 3, head: 2 },
    { file: "1.run", bytes: 1, text: "Second", layer: 1, head: 4 },
  ];
  const model = { bytes: 1, state: /** @type {const} */ ("ready"), loaded_bytes: 1, total_bytes: 1 };
  state.models.value = ["starter", "gpt2"].map((name) => ({
    ...model,
    name,
    display_name: name,
    seconds_left: null,
    problem: null,
    compute: null,
  }));
  state.model_name.value = "starter";
  [state.layer.value, state.head.value] = [3, 2];
  /** @type {string[]} */
  const used = [];
  syncAddress(state, {
    setText: (text) => {
      state.text.value = text;
    },
    useModel: async (name) => {
      used.push(name);
      state.model_name.value = name;
    },
  });
  const type = (/** @type {string} */ fragment) => {
    world.location.hash = fragment;
    changed({ newURL: `http://page.test/${fragment}` });
  };
  return { state, used, type };
}

test("an address that is typed is shown whole: text, model, place, settings", () => {
  const { state, used, type } = page();
  type("#text=Third&model=gpt2&block=1&head=1&temperature=1.5&panel=about&lang=zh-CN");
  assert.equal(state.text.value, "Third");
  assert.deepEqual(used, ["gpt2"]);
  assert.deepEqual([state.layer.value, state.head.value], [0, 0]);
  assert.equal(state.sampling.value.temperature, 1.5);
  assert.equal(state.open_panel.value, "about");
  assert.equal(state.language.value, "zh-CN");
});

test("what an address does not say is as at the beginning", () => {
  const { state, used, type } = page();
  type("#text=Third&model=gpt2&block=6&head=8&temperature=1.5&top_k=3&panel=about");
  state.pattern_stage.value = "masked";
  state.draw_kind.value = "class";
  state.other_text.value = "Fourth";
  type("#text=Second");
  assert.deepEqual([state.pattern_stage.value, state.draw_kind.value, state.other_text.value], ["softmax", "one", ""]);
  assert.deepEqual(used, ["gpt2", "starter"]);
  assert.deepEqual([state.layer.value, state.head.value], [1, 4], "where there is something to see in that text");
  assert.deepEqual(state.sampling.value, DEFAULT_SAMPLING);
  assert.equal(state.open_panel.value, null);
  type("#");
  assert.equal(state.text.value, "First");
  assert.deepEqual([state.layer.value, state.head.value], [3, 2]);
});

test("an address typed while the page writes its own is shown all the same", async () => {
  const { state } = page();
  state.text.value = "Second";
  // The browser tells of what was typed in a task of its own, and the page was quicker.
  await new Promise((resolve) => setTimeout(resolve, 350));
  assert.match(world.location.hash, /text=Second/);
  changed({ newURL: "http://page.test/#text=Third" });
  assert.equal(state.text.value, "Third");
});

test("a model that the site lacks changes nothing", () => {
  const { used, type } = page();
  type("#model=unknown");
  assert.deepEqual(used, []);
});

test("an address that changes all the time is written on the way", async () => {
  const { state } = page();
  const began = performance.now();
  let n_changes = 0;
  while (performance.now() - began < 450) {
    n_changes += 1;
    state.text.value = `Text ${n_changes}`;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.match(world.location.hash, /^#text=Text\+\d+/);
  await new Promise((resolve) => setTimeout(resolve, 350));
  assert.match(world.location.hash, new RegExp(`^#text=Text\\+${n_changes}(&|$)`), "and the last of them in the end");
});
