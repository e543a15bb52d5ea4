import assert from "node:assert/strict";
import test from "node:test";
import { DequantizedFile, dequantize, externalFiles, release } from "../../web/workers/dequantized_file.js";

/** Two quantised matrices and a vector, as `model_export` lays them out. */
function model() {
  const weights = new Uint8Array(256);
  new Int8Array(weights.buffer, 0, 6).set([1, -2, 3, -4, 5, -127]);
  new Float32Array(weights.buffer, 64, 3).set([0.5, 2, 10]);
  new Int8Array(weights.buffer, 128, 4).set([1, 2, 3, 4]);
  new Float32Array(weights.buffer, 192, 2).set([1, 100]);
  const tensors = {
    by_column: {
      shape: [2, 3],
      offset: 0,
      dtype: "int8",
      minimum: null,
      scale: { axis: 1, block: null, zero_point: 0, shape: [3], offset: 64 },
      dequantized: [{ rows: [0, 2], offset: 0, bytes: 24 }],
    },
    by_row: {
      shape: [2, 2],
      offset: 128,
      dtype: "int8",
      minimum: null,
      scale: { axis: 0, block: null, zero_point: 0, shape: [2], offset: 192 },
      dequantized: [
        { rows: [0, 1], offset: 24, bytes: 8 },
        { rows: [1, 2], offset: 32, bytes: 8 },
      ],
    },
    vector: { shape: [2], offset: 192, scale: null, dequantized: [] },
  };
  const manifest = {
    weights: { path: "weights.bin" },
    dequantized: { path: "dequantized.bin", bytes: 40 },
    graph: { external_tensors: 3 },
    tensors,
  };
  return { manifest, weights };
}

/** @param {Uint8Array} bytes */
const numbers = (bytes) => Array.from(new Float32Array(bytes.slice().buffer));

test("pieces are integers times their scales", () => {
  const { manifest, weights } = model();
  const file = DequantizedFile.of_model(manifest, weights);
  assert.equal(file.byteLength, 40);
  assert.deepEqual(numbers(file.subarray(0, 24)), [0.5, -4, 30, -2, 10, -1270]);
  assert.deepEqual(numbers(file.subarray(24, 32)), [1, 2]);
  assert.deepEqual(numbers(file.subarray(32, 40)), [300, 400]);
});

test("a place that is no piece is an error", () => {
  const { manifest, weights } = model();
  const file = DequantizedFile.of_model(manifest, weights);
  assert.throws(() => file.subarray(0, 8), RangeError);
  assert.throws(() => file.subarray(8, 24), RangeError);
});

test("the chunks go with the last read", () => {
  const { manifest, weights } = model();
  const [stored, computed] = externalFiles(manifest, weights).map(({ data }) => data);
  assert.equal(stored.byteLength, 256);
  computed.subarray(0, 24);
  computed.subarray(24, 32);
  assert.equal(weights.buffer.byteLength, 256);
  const last = stored.subarray(192, 200);
  assert.equal(weights.buffer.byteLength, 0);
  assert.deepEqual(numbers(last), [1, 100]);
  assert.equal(stored.byteLength, 256);
});

test("the last read may be a computed one", () => {
  const { manifest, weights } = model();
  const [stored, computed] = externalFiles(manifest, weights).map(({ data }) => data);
  stored.subarray(192, 200);
  stored.subarray(0, 6);
  assert.deepEqual(numbers(computed.subarray(32, 40)), [300, 400]);
  assert.equal(weights.buffer.byteLength, 0);
});

test("memory can be given back twice", () => {
  const { weights } = model();
  release(weights);
  release(weights);
  assert.equal(weights.byteLength, 0);
});

/** Two rows of two blocks; integers count up, scales and minima are 1, 1.5, -2, 2^-24 (the least half). */
function blocks(/** @type {string} */ dtype, /** @type {number} */ zero_point, /** @type {boolean} */ has_minimum) {
  const weights = new Uint8Array(512);
  const n_bytes = dtype === "uint4" ? 64 : 128;
  for (let i = 0; i < n_bytes; i++) weights[i] = dtype === "uint4" ? (i * 7) & 255 : i;
  new Uint16Array(weights.buffer, 256, 4).set([0x3c00, 0x3e00, 0xc000, 0x0001]);
  new Uint16Array(weights.buffer, 320, 4).set([0x0001, 0xc000, 0x3e00, 0x3c00]);
  const scale = { axis: 0, block: 32, zero_point, shape: [2, 2], offset: 256 };
  const minimum = has_minimum ? { shape: [2, 2], offset: 320 } : null;
  return { weights, tensor: { shape: [2, 64], dtype, offset: 0, scale, minimum } };
}

const HALVES = [1, 1.5, -2, 2 ** -24];

test("blocks of four bits: low halves of the bytes, then high ones", () => {
  const { weights, tensor } = blocks("uint4", 8, false);
  const values = new Float32Array(128);
  dequantize(tensor, [0, 2], weights, values);
  values.forEach((value, index) => {
    const block = Math.floor(index / 32);
    const byte = ((block * 16 + (index % 16)) * 7) & 255;
    const item = index % 32 < 16 ? byte % 16 : Math.floor(byte / 16);
    assert.equal(value, Math.fround((item - 8) * HALVES[block] + 0));
  });
});

test("a minimum is added, and a later row begins at its own blocks", () => {
  const { weights, tensor } = blocks("uint4", 0, true);
  const both = new Float32Array(128);
  const second = new Float32Array(64);
  dequantize(tensor, [0, 2], weights, both);
  dequantize(tensor, [1, 2], weights, second);
  assert.deepEqual(Array.from(second), Array.from(both.subarray(64)));
  assert.equal(both[0], Math.fround((weights[0] & 15) + 2 ** -24));
  assert.equal(both[32], (weights[16] & 15) * 1.5 - 2);
});

test("blocks of eight bits are signed", () => {
  const { weights, tensor } = blocks("int8", 0, false);
  weights[33] = 0x80;
  const values = new Float32Array(128);
  dequantize(tensor, [0, 2], weights, values);
  assert.equal(values[31], 31);
  assert.equal(values[33], -128 * 1.5);
});
