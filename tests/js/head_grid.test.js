import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cellAt,
  cellPlace,
  gridLayout,
  neighbour,
  orderHeads,
  THUMB_MOST,
  thumbnails,
} from "../../web/layout/head_grid.js";
import { lensColumns, rankShade } from "../../web/layout/lens.js";

test("heads stand block by block, or sorted with those without a score last", () => {
  assert.deepEqual(orderHeads(2, 2, null), [
    { layer: 0, head: 0 },
    { layer: 0, head: 1 },
    { layer: 1, head: 0 },
    { layer: 1, head: 1 },
  ]);
  const sorted = orderHeads(2, 2, Float32Array.of(0.1, NaN, 0.9, 0.5));
  assert.deepEqual(
    sorted.map(({ layer, head }) => layer * 2 + head),
    [2, 3, 0, 1],
  );
});

test("a head is found where it is drawn", () => {
  const layout = gridLayout(orderHeads(12, 12, null), 12, { width: 1200, height: 600 });
  for (let index = 0; index < 144; index++) {
    const point = { x: ((index % 12) + 0.4) * layout.cell_px, y: (Math.floor(index / 12) + 0.4) * layout.cell_px };
    assert.equal(cellAt(point, layout), index);
  }
  assert.equal(cellAt({ x: layout.width + 1, y: 0 }, layout), null);
  assert.equal(neighbour(0, "ArrowUp", layout), null);
  assert.equal(neighbour(0, "ArrowDown", layout), 12);
  assert.equal(neighbour(5, "x", layout), null);
  assert.equal(neighbour(5, "End", layout), 11);
  const uneven = gridLayout(orderHeads(2, 4, null).slice(0, 7), 4, { width: 400, height: 200 });
  assert.equal(neighbour(3, "ArrowDown", uneven), null, "the last line is not full");
});

test("many blocks stand in stacks, and heads in the groups that share keys and values", () => {
  const heads = orderHeads(30, 9, null);
  const layout = gridLayout(heads, 9, { width: 1200, height: 600, label_px: 72 }, { group: 3 });
  assert.ok(layout.cell_px >= 38, `${layout.cell_px} px`);
  assert.ok(layout.width <= 1200 && layout.height <= 600);
  for (const index of [0, 2, 3, 8, 9, 134, 135, 269]) {
    const { x, y } = cellPlace(index, layout);
    assert.equal(cellAt({ x: x + layout.cell_px / 2, y: y + layout.cell_px / 2 }, layout), index);
  }
  const step = (/** @type {number} */ index) => cellPlace(index + 1, layout).x - cellPlace(index, layout).x;
  assert.equal(step(1), layout.cell_px);
  assert.ok(step(2) > layout.cell_px);
  const sorted = gridLayout(heads, 9, { width: 1200, height: 600, label_px: 72 }, { group: 3, is_sorted: true });
  assert.ok(sorted.columns > 9);
  assert.deepEqual(cellPlace(sorted.columns, sorted), { x: 0, y: sorted.cell_px });
  assert.equal(gridLayout(orderHeads(12, 12, null), 12, { width: 1200, height: 600, label_px: 72 }).columns, 12);
});

test("thumbnails are small, and lose no peak", () => {
  const n_tokens = 200;
  const data = new Float32Array(n_tokens * n_tokens);
  data[150 * n_tokens + 149] = 1;
  const { size, data: small } = thumbnails({ data, shape: [1, n_tokens, n_tokens], axes: ["head", "query", "key"] });
  assert.equal(size, THUMB_MOST);
  assert.equal(Math.max(...small), 255);
  assert.equal(small.filter((value) => value > 0).length, 1);
});

test("the lens shows all positions, or a stretch around the chosen one", () => {
  assert.deepEqual(lensColumns(3, 1), [0, 1, 2]);
  const columns = lensColumns(500, 499);
  assert.equal(columns[columns.length - 1], 499);
  assert.ok(lensColumns(500, 250).includes(250));
  assert.equal(rankShade(1), 1);
  assert.equal(rankShade(100), 0);
  assert.equal(rankShade(50000), 0);
});
