import assert from "node:assert/strict";
import { test } from "node:test";
import { cutsBeside } from "../../web/layout/cuts.js";

/** Tokens of these lengths, in order. @param {number[]} lengths */
const spans = (...lengths) =>
  lengths.map((length, at) => {
    const start = lengths.slice(0, at).reduce((sum, other) => sum + other, 0);
    return { start, end: start + length };
  });
const columns = (/** @type {import("../../web/layout/cuts.js").Cell[]} */ row) => row.map(({ n_columns }) => n_columns);
const held = (/** @type {import("../../web/layout/cuts.js").Cell[]} */ row) => row.map(({ from, to }) => [from, to]);

test("a token is as wide as the cuts of the other inside it", () => {
  const [one, other] = cutsBeside(spans(3, 3), spans(1, 1, 1, 3));
  assert.deepEqual(columns(one), [3, 1]);
  assert.deepEqual(columns(other), [1, 1, 1, 1]);
});

test("cuts that cross make columns of their own, and both rows are as wide", () => {
  const [one, other] = cutsBeside(spans(2, 4), spans(4, 2));
  assert.deepEqual(columns(one), [1, 2]);
  assert.deepEqual(columns(other), [2, 1]);
});

test("tokens with the bytes of one character stand together; so do those without any", () => {
  const bytes = [
    { start: 0, end: 1 },
    { start: 0, end: 1 },
    { start: 0, end: 1 },
    { start: 1, end: 2 },
    { start: 2, end: 2 },
  ];
  const [one, other] = cutsBeside(bytes, spans(2));
  assert.deepEqual(held(one), [
    [0, 3],
    [3, 5],
  ]);
  assert.deepEqual(columns(one), [1, 1]);
  assert.deepEqual(columns(other), [2]);
  assert.deepEqual(cutsBeside([], []), [[], []]);
});
