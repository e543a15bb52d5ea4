import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { appearedAt, guessesAt, lossFrame, patternAt, pointOf } from "../../web/layout/learned.js";
import { readTrainingRecord } from "../../web/training_record.js";

const FOLDER = new URL("../../model_export/starter/training/", import.meta.url);
const training = JSON.parse(readFileSync(new URL("index.json", FOLDER), "utf8"));
const record = (() => {
  const { buffer, byteOffset, length } = readFileSync(new URL("0.record", FOLDER));
  return readTrainingRecord(buffer.slice(byteOffset, byteOffset + length));
})();

test("the record that ships is read: probabilities fall, a pattern's rows sum to 1", () => {
  assert.equal(record.text, training.texts[0].text);
  training.snapshots.forEach((/** @type {object} */ _, /** @type {number} */ snapshot) => {
    const guesses = guessesAt(record, snapshot, record.token_ids.length - 1, 10);
    assert.equal(guesses.length, 10);
    for (let rank = 1; rank < 10; rank++) assert.ok(guesses[rank].probability <= guesses[rank - 1].probability);
    assert.ok(guesses.every(({ label }) => label !== ""));
    const pattern = patternAt(record, snapshot, 1, 2);
    assert.ok(pattern);
    for (let query = 0; query < pattern.n_tokens; query++) {
      let sum = 0;
      for (let key = 0; key <= query; key++) sum += pattern.at(query, key);
      assert.ok(Math.abs(sum - 1) < 0.02, `${snapshot} ${query} ${sum}`);
    }
  });
});

test("every snapshot of the run has its point; what ships has none", () => {
  training.snapshots.forEach((/** @type {{is_shipped: boolean}} */ { is_shipped }, /** @type {number} */ index) => {
    assert.equal(pointOf(training, index) === null, is_shipped);
  });
});

test("the curve's frame holds every point, nothing read at its left end", () => {
  const tokens = [0, 10_240, 100_352, 1_507_328];
  const frame = lossFrame(tokens, [10.9, 3], { width: 400, height: 200 });
  const xs = tokens.map(frame.x);
  for (let at = 1; at < xs.length; at++) assert.ok(xs[at] > xs[at - 1]);
  assert.ok(xs[3] <= 400 && frame.y(10.9) >= 0 && frame.y(0) <= 200 && frame.y(3) > frame.y(10.9));
});

test("an ability counts from where it is there for good", () => {
  const point = (/** @type {number} */ tokens, /** @type {number} */ names) =>
    /** @type {any} */ ({ tokens, abilities: { names } });
  assert.equal(appearedAt([point(0, 0), point(1, 0.95), point(2, 0.5), point(3, 0.9), point(4, 1)], "names", 0.9), 3);
  assert.equal(appearedAt([point(0, 0.2)], "names", 0.9), null);
});
