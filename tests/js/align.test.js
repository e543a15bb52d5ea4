import assert from "node:assert/strict";
import { test } from "node:test";
import { align, exchangeable, patternDifference } from "../../web/layout/align.js";

const shown = (/** @type {number[]} */ first, /** @type {number[]} */ second) =>
  align(first, second).map((pair) => [pair.first, pair.second, pair.is_same]);

test("one token differs: it stands beside the other's", () => {
  assert.deepEqual(shown([1, 2, 3, 4], [1, 2, 9, 4]), [
    [0, 0, true],
    [1, 1, true],
    [2, 2, false],
    [3, 3, true],
  ]);
});

test("a longer text leaves gaps, and what follows is paired again", () => {
  assert.deepEqual(shown([1, 2, 3], [1, 7, 8, 9, 3]), [
    [0, 0, true],
    [1, 1, false],
    [null, 2, false],
    [null, 3, false],
    [2, 4, true],
  ]);
  assert.deepEqual(shown([1, 2, 3], [3]), [
    [0, null, false],
    [1, null, false],
    [2, 0, true],
  ]);
});

test("every token stands once and in order, whatever the texts", () => {
  let seed = 1;
  const random = (/** @type {number} */ below) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let round = 0; round < 200; round++) {
    const [first, second] = [0, 1].map(() => Array.from({ length: random(12) }, () => random(4)));
    const pairs = align(first, second);
    for (const [side, list] of /** @type {const} */ ([
      ["first", first],
      ["second", second],
    ])) {
      const positions = pairs.map((pair) => pair[side]).filter((position) => position !== null);
      assert.deepEqual(
        positions,
        list.map((_, position) => position),
      );
    }
    for (const pair of pairs) {
      if (pair.is_same) assert.equal(first[Number(pair.first)], second[Number(pair.second)]);
    }
  }
});

test("patterns are compared where both have a token", () => {
  const pairs = align([5, 6, 7], [5, 9, 8, 7]);
  const places = exchangeable(pairs);
  assert.deepEqual(places, [
    [0, 0],
    [1, 1],
    [2, 3],
  ]);
  const first = { data: Float32Array.of(1, 0, 0, 0.5, 0.5, 0, 0.2, 0.3, 0.5), shape: [3, 3], axes: [] };
  const second = { data: new Float32Array(16).fill(0.25), shape: [4, 4], axes: [] };
  const { data, shape } = patternDifference(first, second, places);
  assert.deepEqual(shape, [3, 3]);
  assert.ok(Number.isNaN(data[1]) && Number.isNaN(data[5]));
  assert.ok(Math.abs(data[6] - 5) < 1e-4 && Math.abs(data[8] + 25) < 1e-4);
});
