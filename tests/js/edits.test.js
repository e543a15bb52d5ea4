import assert from "node:assert/strict";
import { test } from "node:test";
import { editFeeds } from "../../web/workers/edits.js";

const INPUTS = {
  mlp_scale: "mlp_scale",
  score_term: "term_{layer}",
  pattern_scale: "weight_{layer}",
  is_patched: "mask_{layer}",
  patch: "row_{layer}",
};

/** @type {any} */
const ort = {
  Tensor: class {
    /** @param {string} type @param {any} data @param {number[]} dims */
    constructor(type, data, dims) {
      Object.assign(this, { type, data, dims });
    }
  },
};

const feeds = (/** @type {object} */ inputs) => /** @type {any} */ (editFeeds(ort, { config: { n_layer: 2 }, inputs }));

test("with nothing put in, every input has what leaves a run as it is", () => {
  const fed = feeds(INPUTS)();
  const expected = ["mlp_scale", "term_0", "term_1", "weight_0", "weight_1", "mask_0", "mask_1", "row_0", "row_1"];
  assert.deepEqual(Object.keys(fed), expected);
  assert.deepEqual(fed.mlp_scale.data, Float32Array.of(1, 1));
  assert.ok(Object.is(fed.term_1.data[0], -0), "0 would turn a score of -0 into 0");
  assert.deepEqual([fed.weight_0.data[0], fed.mask_0.data[0]], [1, 0]);
  assert.deepEqual([fed.term_0.dims, fed.row_0.dims, fed.mask_0.type], [[1, 1, 1], [1, 1], "bool"]);
});

test("what is put in takes its place, for one run", () => {
  const feed = feeds(INPUTS);
  const term = Float32Array.of(0, -Infinity);
  const mask = Uint8Array.of(0, 1);
  const shapes = [
    [1, 1, 2],
    [2, 1],
  ];
  const fed = feed({ names: ["score_term.1", "is_patched.0"], shapes, arrays: [term, mask] });
  assert.deepEqual([fed.term_1.data, fed.term_1.dims, fed.term_1.type], [term, [1, 1, 2], "float32"]);
  assert.deepEqual([fed.mask_0.data, fed.mask_0.dims, fed.mask_0.type], [mask, [2, 1], "bool"]);
  assert.deepEqual(fed.term_0.dims, [1, 1, 1]);
  assert.deepEqual(feed().term_1.dims, [1, 1, 1]);
});

test("a model from before has no such inputs, and is fed none", () => {
  assert.deepEqual(feeds({ head_scale: "head_scale" })(), {});
});
