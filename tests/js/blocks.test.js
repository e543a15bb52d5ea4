import assert from "node:assert/strict";
import { test } from "node:test";
import { createBlocks } from "../../web/state/blocks.js";

const BYTES_OF_BLOCK = 5 * 400;

/** Blocks of a pretended model, 5 tensors of 100 numbers each. @param {number} budget_bytes */
function pretend(budget_bytes) {
  /** @type {number[]} */
  const asked = [];
  const tensor = () => ({ data: new Float32Array(100), shape: [100], axes: ["n_embd"] });
  const api = /** @type {any} */ ({
    tensors: async (/** @type {number} */ _run, /** @type {{layer?: number}[]} */ names) => {
      asked.push(names[0].layer ?? -1);
      return { tensors: names.map(tensor) };
    },
  });
  const stored = /** @type {any} */ ({ tensors: () => new Map() });
  const run = (/** @type {number} */ run_id) => /** @type {any} */ ({ run_id, tokens: [], is_stored: false });
  return { blocks: createBlocks(api, stored, budget_bytes), asked, run };
}

test("blocks are held up to the budget; what was used longest ago makes room", async () => {
  const { blocks, asked, run } = pretend(2 * BYTES_OF_BLOCK);
  const only = run(1);
  for (const layer of [0, 1]) await blocks.hold(only, layer);
  await blocks.hold(only, 0);
  await blocks.hold(only, 2);
  assert.deepEqual(
    [0, 1, 2].map((layer) => blocks.at(only, layer) !== undefined),
    [true, false, true],
  );
  await blocks.hold(only, 1);
  assert.deepEqual(asked, [0, 1, 2, 1]);
});

test("of a text whose blocks are larger than the budget, the one looked at is held", async () => {
  const { blocks, run } = pretend(10);
  const long = run(1);
  for (const layer of [0, 1, 2]) assert.equal((await blocks.hold(long, layer))?.layer, layer);
  assert.deepEqual(
    [0, 1, 2].map((layer) => blocks.at(long, layer) !== undefined),
    [false, false, true],
  );
});

test("blocks of an earlier run go", async () => {
  const { blocks, run } = pretend(100 * BYTES_OF_BLOCK);
  const [first, second] = [run(1), run(2)];
  await blocks.hold(first, 0);
  await blocks.hold(second, 0);
  assert.equal(blocks.at(first, 0), undefined);
  assert.equal(blocks.at(second, 0)?.run, second);
});
