import assert from "node:assert/strict";
import { test } from "node:test";
import { curveFrame, cutLines, droppedBy, lineParts, pointAt } from "../../web/layout/sampling.js";
import { bestMatches } from "../../web/layout/token_search.js";
import { nearestStop, PRESETS, SAMPLING_LIMITS } from "../../web/state/limits.js";

const STAGES = /** @type {import("../../web/state/types.js").Stage[]} */ ([
  { name: "temperature", kept_count: 100, kept_mass: 1, dropped_mass: 0 },
  { name: "top_k", kept_count: 40, kept_mass: 0.8, dropped_mass: 0.2 },
  { name: "top_p", kept_count: 10, kept_mass: 0.9, dropped_mass: 0.1 },
  { name: "min_p", kept_count: 10, kept_mass: 1, dropped_mass: 0 },
]);

test("the axis holds the whole vocabulary, from the first token to the last", () => {
  const frame = curveFrame(50257, { width: 600, height: 200 });
  assert.equal(frame.x(1), frame.left);
  assert.equal(Math.round(frame.x(50257)), Math.round(frame.right));
  assert.deepEqual(
    frame.ticks.map(({ count }) => count),
    [1, 10, 100, 1000, 10000, 50257],
  );
  assert.equal(pointAt(frame, [1, 10, 100], frame.x(10) + 1), 1);
  assert.equal(pointAt(frame, [1, 10, 100], 0), 0);
});

test("a cut's line stands at what the cuts before it left", () => {
  const lines = cutLines(STAGES, { temperature: 1, top_k: 40, top_p: 0.9, min_p: null, seed: 1 });
  assert.deepEqual(
    lines.map(({ name, count }) => [name, count]),
    [
      ["top_k", 40],
      ["top_p", 10],
    ],
  );
  assert.ok(Math.abs(Number(lines[1].level) - 0.8 * 0.9) < 1e-12);
  assert.deepEqual(
    [0, 9, 10, 39, 40, 99].map((rank) => droppedBy(STAGES, rank)),
    [null, null, "top_p", "top_p", "top_k", "top_k"],
  );
});

test("the line's parts follow each other and end at 1", () => {
  const parts = lineParts(Float32Array.of(0.5, 0.2, 0.1));
  assert.deepEqual(
    parts.map(({ rank }) => rank),
    [0, 1, 2, null],
  );
  parts.forEach(({ start, end }, at) => {
    assert.ok(end > start);
    assert.equal(start, at === 0 ? 0 : parts[at - 1].end);
  });
  assert.equal(parts[3].end, 1);
  assert.equal(lineParts(Float32Array.of(0.6, 0.4, 0)).length, 2, "what was cut has no part");
});

test("a search finds the token itself first, with or without a space", () => {
  const labels = ["scatter", "␣cats", "cat", "␣cat", "␣concat", "dog"];
  assert.deepEqual(bestMatches(labels, " cat", 4), [3, 1]);
  assert.deepEqual(bestMatches(labels, "cat", 3), [2, 3, 1]);
  assert.deepEqual(bestMatches(labels, "", 3), []);
  assert.deepEqual(bestMatches(labels, "xyz", 3), []);
});

test("every slider's stops rise within its limits, and the presets stand on stops", () => {
  for (const { stops, min, max } of Object.values(SAMPLING_LIMITS)) {
    stops.forEach((stop, at) => {
      assert.ok(stop >= min && stop <= max && (at === 0 || stop > stops[at - 1]));
    });
  }
  assert.deepEqual([SAMPLING_LIMITS.temperature.stops[0], SAMPLING_LIMITS.temperature.stops.at(-1)], [0, 10]);
  for (const preset of Object.values(PRESETS)) {
    for (const name of /** @type {const} */ (["temperature", "top_k", "top_p", "min_p"])) {
      const value = preset[name];
      if (value === null) continue;
      const { stops } = SAMPLING_LIMITS[name];
      assert.equal(stops[nearestStop(stops, value)], value);
    }
  }
});
