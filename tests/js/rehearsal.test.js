import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameAnswer, rehearse } from "../../web/workers/rehearsal.js";

test("a text is read in one pass, then token by token; the cache is given up", async () => {
  /** @type {any[]} */
  const asked = [];
  let is_forgotten = false;
  const runner = /** @type {any} */ ({
    runParts: async (/** @type {any} */ request) => {
      asked.push([[...request.token_ids], request.past_length, [...request.unembed_rows], request.tensor_names]);
      return [Float32Array.of(asked.length)];
    },
    forget: () => {
      is_forgotten = true;
    },
  });
  const times = [0, 7, 10, 14];
  const plan = { token_ids: [5, 6, 7, 8], n_decoded: 2, tensor_names: ["value"] };
  const manifest = { config: { n_layer: 2, n_head: 1 } };
  const { parts, milliseconds } = await rehearse(runner, manifest, plan, () => times.shift() ?? 0);
  assert.deepEqual(asked, [
    [[5n, 6n], 0, [5n], ["value"]],
    [[7n], 2, [2n], ["value"]],
    [[8n], 3, [2n], ["value"]],
  ]);
  assert.deepEqual(parts, [Float32Array.of(1), Float32Array.of(3)]);
  assert.equal(milliseconds, 4);
  assert.ok(is_forgotten);
});

test("answers are the same to rounding, by the largest number of a tensor", () => {
  const same = (/** @type {number[]} */ a, /** @type {number[]} */ b) =>
    isSameAnswer([Float32Array.from(a)], [Float32Array.from(b)]);
  assert.ok(same([1000, 0, -Infinity], [1000.5, 0.5, -Infinity]));
  assert.ok(!same([1000, 0], [1000, 2]));
  assert.ok(!same([0.5, 0], [0.5, 0.01]));
  assert.ok(!same([-Infinity], [-1e30]));
  assert.ok(!same([1], [NaN]));
  assert.ok(!same([NaN], [NaN]));
  assert.ok(!same([1, 2], [1]));
  assert.ok(!isSameAnswer([Float32Array.of(1)], []));
});
