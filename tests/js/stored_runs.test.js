import assert from "node:assert/strict";
import { test } from "node:test";
import { readStoredRun, sliceHead } from "../../web/stored_runs.js";

/** A run file as docs/seams.md describes it. @param {object} header @param {Float32Array} data */
function encode(header, data) {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((4 + json.length) / 4) * 4;
  const bytes = new Uint8Array(start + data.byteLength);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  bytes.set(new Uint8Array(data.buffer), start);
  return bytes.buffer;
}

const tensors = [
  { name: "first", shape: [2], axes: ["position"], offset: 0, dtype: "float32" },
  {
    name: "attention_pattern",
    shape: [2, 3, 2, 2],
    axes: ["layer", "head", "query", "key"],
    offset: 8,
    dtype: "float32",
  },
];
const header = {
  text: "ab 北",
  tokens: [{ id: 1, label: "ab", start: 0, end: 2, is_fragment: false }],
  token_ids: [1],
  options: { temperature: 1 },
  stages: [],
  tensors,
  candidates: [{ token_id: 5, label: "x", probability: 0.5, share: 0.4, logit: 1, kept: true }],
};
const data = Float32Array.from({ length: 2 + 24 }, (_, index) => index);

test("header and tensors come back, whatever the length of the header", () => {
  for (const padding of ["", "x", "xx", "xxx"]) {
    const run = readStoredRun(encode({ ...header, text: header.text + padding }, data));
    assert.equal(run.text, header.text + padding);
    assert.deepEqual([...(run.tensors.get("first")?.data ?? [])], [0, 1]);
    assert.deepEqual(run.candidates[0], {
      token_id: 5,
      label: "x",
      probability: 0.5,
      share: 0.4,
      logit: 1,
      is_kept: true,
    });
  }
});

test("one head of one layer is cut out of the stack", () => {
  const pattern = readStoredRun(encode(header, data)).tensors.get("attention_pattern");
  assert.ok(pattern);
  const slice = sliceHead(pattern, 1, 2);
  assert.deepEqual(slice.shape, [2, 2]);
  assert.deepEqual(slice.axes, ["query", "key"]);
  assert.deepEqual([...slice.data], [22, 23, 24, 25]);
});
