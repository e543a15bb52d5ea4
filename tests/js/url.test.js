import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_SAMPLING } from "../../web/state/limits.js";
import { readShared, writeShared } from "../../web/state/url.js";

const STATE = {
  text: "A & B = 北京?#\n🙂",
  model: "gpt2",
  default_model: "starter",
  default_place: { layer: 0, head: 0 },
  layer: 2,
  head: 5,
  language: /** @type {const} */ ("zh-CN"),
  panel: /** @type {const} */ ("about"),
  sampling: { ...DEFAULT_SAMPLING, temperature: 1.25, top_k: 7, is_top_k_on: true, is_top_p_on: false, seed: 42 },
};

test("what is written is read back", () => {
  const shared = readShared(`#${writeShared(STATE)}`);
  assert.deepEqual(shared, {
    text: STATE.text,
    model: "gpt2",
    layer: 2,
    head: 5,
    language: "zh-CN",
    panel: "about",
    sampling: { temperature: 1.25, seed: 42, top_k: 7, is_top_k_on: true, is_top_p_on: false },
  });
});

test("what is open in its place is said with its block", () => {
  const place = { layer: 4, head: 3 };
  const written = writeShared({ ...STATE, default_place: place, ...place, open: { kind: "mlp", layer: 4 } });
  assert.deepEqual(readShared(written).open, { kind: "mlp", layer: 4 });
  const end = readShared(writeShared({ ...STATE, open: { kind: "unembedding", layer: null } }));
  assert.deepEqual(end.open, { kind: "unembedding", layer: null });
  assert.equal(readShared("open=kitchen").open, undefined);
});

test("defaults stay out of the address", () => {
  const fragment = writeShared({
    text: "",
    model: "starter",
    default_model: "starter",
    default_place: { layer: 0, head: 0 },
    layer: 0,
    head: 0,
    language: "en",
    panel: null,
    sampling: DEFAULT_SAMPLING,
  });
  assert.equal(fragment, "");
});

test("block 1 and head 1 are said where the page would open at others", () => {
  const place = { layer: 4, head: 3 };
  for (const [layer, head] of [
    [0, 0],
    [0, 3],
    [4, 0],
    [2, 2],
  ]) {
    const shared = readShared(writeShared({ ...STATE, default_place: place, layer, head }));
    assert.deepEqual([shared.layer, shared.head], [layer, head]);
  }
  const opened = readShared(writeShared({ ...STATE, default_place: place, ...place }));
  assert.deepEqual([opened.layer, opened.head], [undefined, undefined]);
});

test("numbers are clamped, nonsense is left out", () => {
  const shared = readShared(
    "block=0&head=-3&temperature=1e9&top_p=0&top_k=2.6&min_p=abc&seed=-1&lang=xx&panel=zz&model=../etc",
  );
  assert.deepEqual(shared, {
    layer: 0,
    head: 0,
    sampling: { temperature: 10, seed: 0, top_k: 3, is_top_k_on: true, top_p: 0.01, is_top_p_on: true },
  });
});

test("an empty or broken address says nothing", () => {
  for (const fragment of ["", "#", "#=&&=", "#text=", "#temperature=NaN"]) assert.deepEqual(readShared(fragment), {});
});

test("a text that is too long for an address, or not Unicode, stays out of it", () => {
  assert.equal(writeShared({ ...STATE, text: "a".repeat(3000) }).includes("text="), false);
  assert.equal(writeShared({ ...STATE, text: "a\ud83d" }).includes("text="), false);
});
