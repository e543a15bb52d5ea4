import assert from "node:assert/strict";
import { test } from "node:test";
import { resample } from "../../web/layout/strip.js";

test("where a missing style sheet leaves no room, nothing has a size that cannot be", () => {
  for (const n_pixels of [-1120, -1, 0]) assert.equal(resample(Float32Array.of(1, 2, 3), n_pixels).means.length, 0);
});
