import assert from "node:assert/strict";
import { test } from "node:test";
import { barsFromZero } from "../../web/layout/bars.js";

test("positive bars begin at the left end", () => {
  assert.deepEqual(barsFromZero([4, 1]), {
    zero: 0,
    spans: [
      { start: 0, length: 1 },
      { start: 0, length: 0.25 },
    ],
  });
});

test("bars that are held against others have room for the longest of all", () => {
  assert.deepEqual(barsFromZero([4, 1], 8).spans, [
    { start: 0, length: 0.5 },
    { start: 0, length: 0.125 },
  ]);
  assert.deepEqual(barsFromZero([4, 1], 2), barsFromZero([4, 1]));
});

test("negative bars end at zero: the one farthest below is the longest", () => {
  assert.deepEqual(barsFromZero([-4, -1]), {
    zero: 1,
    spans: [
      { start: 0, length: 1 },
      { start: 0.75, length: 0.25 },
    ],
  });
});

test("zero lies between values of both signs; what is not finite has no length", () => {
  assert.deepEqual(barsFromZero([1, -3, -Infinity]), {
    zero: 0.75,
    spans: [
      { start: 0.75, length: 0.25 },
      { start: 0, length: 0.75 },
      { start: 0.75, length: 0 },
    ],
  });
});

test("nothing but zeros has no length", () => {
  assert.deepEqual(barsFromZero([0, 0]).spans, [
    { start: 0, length: 0 },
    { start: 0, length: 0 },
  ]);
});
