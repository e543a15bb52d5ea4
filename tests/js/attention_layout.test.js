import assert from "node:assert/strict";
import { test } from "node:test";
import { cellAt, fitLabel, heatMapLayout, labelWidth, neighbour } from "../../web/layout/attention.js";

/** @param {number} count @param {string} [label] */
const labels = (count, label = "␣word") => Array.from({ length: count }, () => label);

test("the map and its axes fit the room while cells are not at their smallest", () => {
  for (const count of [1, 2, 11, 24, 40]) {
    for (const room of [
      { width: 560, height: 400 },
      { width: 320, height: 300 },
      { width: 900, height: 700 },
    ]) {
      const layout = heatMapLayout(labels(count), room);
      if (layout.cell_px <= 7) continue;
      assert.ok(layout.row_label_px + layout.size_px + layout.overhang_px <= room.width);
      assert.ok(layout.column_label_px + layout.size_px <= room.height);
    }
  }
});

test("a long text gets small cells and fewer labels, never none", () => {
  const layout = heatMapLayout(labels(256), { width: 560, height: 400 });
  assert.equal(layout.cell_px, 7);
  assert.equal(layout.size_px, 256 * 7);
  assert.ok(layout.label_step * layout.cell_px >= 17);
  assert.equal(layout.has_values, false);
});

test("values are printed where there is room, and a lone token does not fill the figure", () => {
  const layout = heatMapLayout(labels(1), { width: 900, height: 700 });
  assert.equal(layout.has_values, true);
  assert.ok(layout.cell_px < 60);
});

test("no tokens and no room do no harm", () => {
  assert.equal(heatMapLayout([], { width: 0, height: 0 }).size_px, 0);
});

test("every point of the lower triangle finds its cell, others none", () => {
  const layout = heatMapLayout(labels(3), { width: 300, height: 300 });
  const at = (/** @type {number} */ key, /** @type {number} */ query) =>
    cellAt({ x: (key + 0.5) * layout.cell_px, y: (query + 0.5) * layout.cell_px }, layout);
  assert.deepEqual(at(0, 0), { query: 0, key: 0 });
  assert.deepEqual(at(1, 2), { query: 2, key: 1 });
  assert.equal(at(2, 1), null);
  assert.equal(at(0, 3), null);
  assert.equal(at(-1, 1), null);
});

test("arrow keys stay on or below the diagonal", () => {
  assert.deepEqual(neighbour({ query: 2, key: 2 }, "ArrowUp", 4), { query: 1, key: 1 });
  assert.deepEqual(neighbour({ query: 2, key: 2 }, "ArrowRight", 4), { query: 2, key: 2 });
  assert.deepEqual(neighbour({ query: 3, key: 1 }, "ArrowDown", 4), { query: 3, key: 1 });
  assert.deepEqual(neighbour({ query: 3, key: 1 }, "Home", 4), { query: 3, key: 0 });
  assert.deepEqual(neighbour({ query: 3, key: 1 }, "End", 4), { query: 3, key: 3 });
  assert.equal(neighbour({ query: 3, key: 1 }, "a", 4), null);
});

test("labels are cut by letters, not by halves of them", () => {
  assert.equal(fitLabel("short", 200), "short");
  const cut = fitLabel("🙂🙂🙂🙂🙂🙂🙂🙂", 60);
  assert.ok(cut.endsWith("…") && !/\p{Surrogate}/u.test(cut));
  assert.ok(labelWidth(cut) <= 60);
  assert.ok(labelWidth("北京") > labelWidth("ab"));
});
