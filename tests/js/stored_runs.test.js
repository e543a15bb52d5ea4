import assert from "node:assert/strict";
import { test } from "node:test";
import { readStoredRun, storedRiver } from "../../web/stored_runs.js";

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

test("the river of a position is cut out: its sources end with it, single numbers are numbers", () => {
  const stored = readStoredRun(
    encode(
      {
        ...header,
        answers: [7, 8],
        guesses: {
          token_ids: [
            [1, 2],
            [3, 4],
          ],
          labels: [
            ["a", "b"],
            ["c", "d"],
          ],
          probabilities: [
            [0.1, 0.2],
            [0.3, 0.4],
          ],
        },
        tensors: [
          {
            name: "shares.heads",
            shape: [2, 1, 2, 2],
            axes: ["position", "layer", "head", "key"],
            offset: 0,
            dtype: "float32",
          },
          { name: "shares.stream", shape: [2, 1], axes: ["position", "layer"], offset: 32, dtype: "float32" },
          { name: "pushes.total", shape: [2], axes: ["position"], offset: 40, dtype: "float32" },
        ],
      },
      data,
    ),
  );
  const first = storedRiver(stored, 0);
  assert.equal(first.reply.answer, 7);
  assert.deepEqual([...first.reply.shares.heads.data], [0, 2]);
  assert.deepEqual(first.reply.shares.heads.shape, [1, 2, 1]);
  const last = storedRiver(stored, 1);
  assert.deepEqual([...last.reply.shares.heads.data], [4, 5, 6, 7]);
  assert.deepEqual([...last.reply.shares.stream.data], [9]);
  assert.equal(last.reply.pushes.total, 11);
  assert.deepEqual(last.guesses.token_ids, [2, 4]);
  assert.deepEqual(
    [...last.labels],
    [
      [2, "b"],
      [4, "d"],
    ],
  );
});
