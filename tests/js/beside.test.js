import assert from "node:assert/strict";
import { test } from "node:test";
import { beside } from "../../web/layout/beside.js";

const ROOM = { width: 400, height: 300 };
const PANEL = { width: 200, height: 100 };
const anchorAt = (/** @type {number} */ left, /** @type {number} */ top) => ({
  left,
  top,
  right: left + 40,
  bottom: top + 20,
});

test("below the word where there is room", () => {
  assert.deepEqual(beside(anchorAt(50, 100), PANEL, ROOM), { left: 50, top: 126 });
});

test("above it at the lower end, without covering it", () => {
  assert.deepEqual(beside(anchorAt(50, 250), PANEL, ROOM), { left: 50, top: 144 });
});

test("inside the viewport at every edge", () => {
  for (const [left, top] of [
    [390, 10],
    [-20, 10],
    [10, 290],
  ]) {
    const place = beside(anchorAt(left, top), PANEL, ROOM);
    assert.ok(place.left >= 8 && place.left + PANEL.width <= ROOM.width - 8, `${left} ${top}`);
    assert.ok(place.top >= 8 && place.top + PANEL.height <= ROOM.height - 8, `${left} ${top}`);
  }
});
