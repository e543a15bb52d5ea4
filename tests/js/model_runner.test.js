import assert from "node:assert/strict";
import { test } from "node:test";
import { createRunner } from "../../web/workers/model_runner.js";
import { processorArrays } from "../../web/workers/processor_arrays.js";

const MANIFEST = {
  config: { n_layer: 2, n_head: 2, n_kv_head: 2, d_head: 2, n_embd: 4, vocab_size: 3 },
  inputs: {
    token_ids: "ids",
    unembed_rows: "rows",
    head_scale: "scale",
    past_key: "past_key.{layer}",
    past_value: "past_value.{layer}",
  },
  outputs: {
    logits: "logits",
    norm_final: "final",
    present_key: "present_key.{layer}",
    present_value: "present_value.{layer}",
    mlp_in: "mlp.{layer}",
  },
};

class Tensor {
  /** @param {string} type @param {any} data @param {number[]} dims */
  constructor(type, data, dims) {
    Object.assign(this, { type, data, dims });
    assert.equal(
      data.length,
      dims.reduce((product, size) => product * size, 1),
      `${type} ${dims}`,
    );
  }
}

/** A pretended session: keys of a new row are head and token; all else says which output it is. */
function makeRunner() {
  /** @type {{fed: any, asked: string[]}[]} */
  const runs = [];
  const session = {
    async run(/** @type {any} */ fed, /** @type {string[]} */ asked) {
      runs.push({ fed, asked });
      return Object.fromEntries(asked.map((name) => [name, { data: answer(name, fed) }]));
    },
  };
  /** @type {any} */
  const ort = { Tensor };
  return { runs, runner: createRunner(ort, /** @type {any} */ (session), MANIFEST, processorArrays(ort, 2, 2)) };
}

/** @param {string} name @param {any} fed */
function answer(name, fed) {
  const token_ids = [...fed.ids.data].map(Number);
  if (!name.startsWith("present")) return Float32Array.of(name.length, fed.ids.data.length);
  const past = fed[name.replace("present", "past")];
  const length = past.dims[1];
  const heads = [0, 1].map((head) => [
    ...past.data.slice(head * length * 2, (head + 1) * length * 2),
    ...token_ids.flatMap((token_id) => [100 * head + token_id, 0]),
  ]);
  return Float32Array.from(heads.flat());
}

/** @param {number[]} token_ids @param {number} past_length @param {string[]} [tensor_names] */
const request = (token_ids, past_length, tensor_names = []) => ({
  token_ids: BigInt64Array.from(token_ids, BigInt),
  past_length,
  unembed_rows: BigInt64Array.of(0n),
  head_scale: new Float32Array(4).fill(1),
  tensor_names,
});

/** Token ids in the keys that were fed, head by head. @param {{fed: any}} run */
const fedKeys = ({ fed }) => {
  const { data, dims } = fed["past_key.1"];
  return [0, 1].map((head) => Array.from({ length: dims[1] }, (_, row) => data[(head * dims[1] + row) * 2]));
};

test("logits come first, then each tensor, its layers in order", async () => {
  const { runner, runs } = makeRunner();
  const packed = await runner.run(request([1, 2, 3], 0, ["norm_final", "mlp_in", "mlp_in.1"]));
  assert.deepEqual([...packed], [6, 3, 5, 3, 5, 3, 5, 3, 5, 3]);
  assert.equal(new Set(runs[0].asked).size, runs[0].asked.length, "nothing is asked for twice");
});

test("keys and values are kept, whole or as many leading rows as hold", async () => {
  const { runner, runs } = makeRunner();
  await runner.run(request([1, 2, 3], 0));
  await runner.run(request([4], 3));
  assert.deepEqual(fedKeys(runs[1]), [
    [1, 2, 3],
    [101, 102, 103],
  ]);
  await runner.run(request([9], 2));
  assert.deepEqual(fedKeys(runs[2]), [
    [1, 2],
    [101, 102],
  ]);
  await runner.run(request([5], 3));
  assert.deepEqual(fedKeys(runs[3]), [
    [1, 2, 9],
    [101, 102, 109],
  ]);
  await runner.run(request([7], 0));
  assert.deepEqual(fedKeys(runs[4]), [[], []]);
});

test("a look back leaves the cache as it was", async () => {
  const { runner, runs } = makeRunner();
  await runner.run(request([1, 2, 3], 0));
  await runner.run({ ...request([9], 1), keeps_cache: true });
  assert.deepEqual(fedKeys(runs[1]), [[1], [101]]);
  assert.ok(
    runs[1].asked.every((name) => !name.startsWith("present")),
    "nobody copies what nobody keeps",
  );
  await runner.run(request([4], 3));
  assert.deepEqual(fedKeys(runs[2]), [
    [1, 2, 3],
    [101, 102, 103],
  ]);
});
