import assert from "node:assert/strict";
import { test } from "node:test";
import { ancestry } from "../../web/layout/flow/ancestry.js";
import { blockPlaces, candidatePlaces } from "../../web/layout/flow/blocks.js";
import { columnLayout, endOf } from "../../web/layout/flow/columns.js";
import { patternCell, patternLayout, patternStep, peaks } from "../../web/layout/flow/pattern.js";
import {
  additionUnit,
  attentionRibbons,
  outputBox,
  predictionRibbons,
  ribbonPath,
} from "../../web/layout/flow/ribbons.js";
import { isInSight, rowLayout, rowMiddle, tokenAt, tokensInSight } from "../../web/layout/flow/rows.js";
import { columnLimit, laneOf, lanePlaces, stripColumns } from "../../web/layout/flow/strips.js";
import { joinedAt, meanOverFirst, sliceLayer, vectorAt } from "../../web/layout/flow/tensors.js";

const ROOM = { top: 80, height: 320 };
const close = (/** @type {number} */ a, /** @type {number} */ b, tolerance = 1e-6) =>
  assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);

/** Thickness at both ends and where they stand, from a path's numbers. @param {string} path */
function ends(path) {
  const numbers = path.match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [];
  const [x0, top0, , , , , x1, top1, , bottom1, , , , , , bottom0] = numbers;
  return { x0, x1, from: bottom0 - top0, to: bottom1 - top1, top1, bottom1 };
}

test("stages stand from left to right and fill the width, at every width", () => {
  for (const width of [860, 1024, 1270, 1334, 1440, 1680, 2400]) {
    const { columns } = columnLayout(width);
    const spans = Object.values(columns);
    spans.reduce((before, span) => {
      assert.ok(span.x >= endOf(before), `overlap at ${width}`);
      return span;
    });
    close(endOf(spans[spans.length - 1]), width, 2);
  }
});

test("stages that have no room are left out, the rest keeps its least width", () => {
  assert.equal(columnLayout(1280).columns.mlp_out, undefined);
  assert.ok(columnLayout(1280).columns.ln_1);
  assert.ok(columnLayout(1680).columns.mlp_out);
  assert.ok(columnLayout(1680).columns.attn_out);
});

test("24 rows are in sight at once on a small laptop; more scroll", () => {
  assert.equal(rowLayout(24, { top: 80, height: 280 }, 0).count, 24);
  const rows = rowLayout(100, ROOM, 1000);
  assert.equal(rows.count, 20);
  assert.equal(rows.first, 80);
  assert.deepEqual(tokensInSight(rows)[0], 80);
  assert.ok(!isInSight(rows, 79) && isInSight(rows, 99));
  close(rowMiddle(rows, 3), rows.top);
});

test("a row is found where it is drawn", () => {
  const rows = rowLayout(13, ROOM, 0);
  for (const token of tokensInSight(rows)) assert.equal(tokenAt(rows, rowMiddle(rows, token)), token);
  assert.equal(tokenAt(rows, -100), 0);
  assert.equal(rowLayout(1, ROOM, 0).count, 1);
});

test("attention ribbons are as thick as the weights and fill the head's output without gap", () => {
  const rows = rowLayout(5, ROOM, 0);
  const weights = [0.5, 0.25, 0.2, 0.05, 0];
  const box = outputBox(rows, 3);
  const ribbons = attentionRibbons(weights, 3, rows, { from_x: 0, to_x: 100 });
  assert.deepEqual(
    ribbons.map(({ key }) => key),
    [0, 1, 2, 3],
  );
  let y = box.y;
  ribbons.forEach(({ path, weight }) => {
    const { from, to, top1, bottom1 } = ends(path);
    close(from, weight * box.height, 0.21);
    close(to, weight * box.height, 0.21);
    close(top1, y, 0.11);
    y = bottom1;
  });
  close(y, box.y + box.height, 0.11);
});

test("tokens above what is in sight come as one ribbon, with all their weight", () => {
  const rows = rowLayout(40, ROOM, 20);
  const weights = new Float32Array(40).fill(1 / 40);
  const [above, ...rest] = attentionRibbons(weights, 39, rows, { from_x: 0, to_x: 100 });
  assert.equal(above.key, -1);
  close(above.weight + rest.reduce((sum, { weight }) => sum + weight, 0), 1, 1e-5);
});

test("the output stands in the row of the query, and always within the rows", () => {
  const rows = rowLayout(10, ROOM, 0);
  for (let query = 0; query < 10; query++) {
    const { y, height } = outputBox(rows, query);
    assert.ok(y >= rows.top - 1e-6 && y + height <= rows.top + rows.height + 1e-6);
    assert.ok(y <= rowMiddle(rows, query) && rowMiddle(rows, query) <= y + height);
  }
});

test("ribbons have the same commands, so that one can turn into another", () => {
  const shape = (/** @type {string} */ path) => path.replace(/[^A-Z]/g, "");
  const one = ribbonPath({ x: 0, y: 0, thickness: 2 }, { x: 9, y: 50, thickness: 9 });
  const two = ribbonPath({ x: 5, y: 90, thickness: 0 }, { x: 6, y: 1, thickness: 0 });
  assert.equal(shape(one), shape(two));
});

test("additions: the largest fits its row; none is drawn larger than the stream would be", () => {
  close(additionUnit([0.5, 3], 30) * 3, 27);
  close(additionUnit([0.1, NaN], 30), 27);
});

test("prediction ribbons are as thick as the probabilities", () => {
  const paths = predictionRibbons([0.6, 0.4], { x: 0, y: 100, thickness: 50 }, { x: 40, ys: [10, 30] });
  close(ends(paths[0]).to, 30, 0.21);
  close(ends(paths[1]).from, 20, 0.21);
});

test("ancestry: the pointed token and what it takes, nothing later", () => {
  assert.deepEqual(ancestry(null, null, 3), { source: 1, result: 1 });
  assert.deepEqual(ancestry([0.25, 0.75], 1, 1), { source: 1, result: 1 });
  assert.deepEqual(ancestry([0.25, 0.75], 1, 0), { source: 0.5, result: 0 });
  assert.deepEqual(ancestry([0.25, 0.75, 0], 1, 2), { source: 0, result: 0 });
});

test("pattern: peaks survive where cells are narrower than a pixel", () => {
  const weights = new Float32Array(1000);
  weights[777] = 0.9;
  assert.equal(Math.max(...peaks(weights, 1000, 100)), Math.fround(0.9));
  assert.equal(Math.max(...peaks(weights, 700, 100)), 0);
  assert.ok(patternLayout(1024, 150, rowLayout(1024, ROOM, 0)).size_px <= 150);
});

test("blocks and candidates stay in their room", () => {
  for (const n_layer of [1, 6, 12, 48]) {
    const { ys, height } = blockPlaces(n_layer, ROOM);
    assert.ok(ys[n_layer - 1] + height <= ROOM.top + ROOM.height + 1e-6);
  }
  assert.ok(Math.max(...candidatePlaces(50, ROOM).ys) < ROOM.top + ROOM.height);
  assert.equal(candidatePlaces(3, ROOM).ys.length, 3);
});

const tensor = (/** @type {number[]} */ shape, /** @type {string[]} */ axes) => ({
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => index),
  shape,
  axes,
});

test("pieces of tensors are the right ones", () => {
  const all = tensor([2, 3, 4], ["layer", "position", "n_embd"]);
  assert.deepEqual([...vectorAt(sliceLayer(all, 1), [2])], [20, 21, 22, 23]);
  assert.deepEqual([...vectorAt(all, [1, 2])], [20, 21, 22, 23]);
  assert.deepEqual([...meanOverFirst(tensor([2, 1, 2], ["head", "query", "key"])).data], [1, 2]);
});

test("strips: what is not at hand is left out, heads are cut out, names are those of the tensors", () => {
  const tensors = new Map([
    ["embedding", tensor([3, 4], ["position", "n_embd"])],
    ["query", tensor([2, 3, 2], ["head", "position", "d_head"])],
  ]);
  const columns = stripColumns(tensors, 5, 1);
  assert.deepEqual(
    columns.map(({ column }) => column),
    ["embedding", "query_key"],
  );
  assert.deepEqual([columns[0].lanes[0].name, columns[0].lanes[0].layer], ["resid_pre", 0]);
  assert.deepEqual([...columns[1].lanes[0].tensor.data], [6, 7, 8, 9, 10, 11]);
  assert.equal(laneOf(tensors, "mlp_out", 0, 0), null);
  const { tops, height } = lanePlaces(100, 20, 2);
  close(tops[1] - tops[0], height + 2);
  close(tops[1] + height, 110);
});

test("arrow keys stay below the pattern's diagonal and within the rows in sight", () => {
  const rows = { top: 0, pitch: 10, count: 3, first: 2, n_tokens: 5, height: 30 };
  assert.deepEqual(patternStep({ query: 3, key: 3 }, "ArrowUp", rows), { query: 2, key: 2 });
  assert.equal(patternStep({ query: 3, key: 3 }, "ArrowRight", rows), null);
  assert.equal(patternStep({ query: 2, key: 0 }, "ArrowUp", rows), null);
  assert.equal(patternStep({ query: 4, key: 0 }, "ArrowDown", rows), null);
  assert.deepEqual(patternStep({ query: 4, key: 1 }, "End", rows), { query: 4, key: 4 });
  assert.equal(patternStep({ query: 4, key: 1 }, "a", rows), null);
  assert.deepEqual(patternCell(100, 15, { cell_px: 8, size_px: 40, label_step: 2 }, rows), { query: 3, key: 3 });
});

test("the outputs of all heads stand side by side", () => {
  const tensor = {
    data: Float32Array.from({ length: 12 }, (_, at) => at),
    shape: [2, 3, 2],
    axes: ["head", "position", "d_head"],
  };
  assert.deepEqual([...joinedAt(tensor, 1)], [2, 3, 8, 9]);
});

test("the scale of a column keeps about half of the extremes within it", () => {
  const data = Float32Array.from({ length: 64 * 30 }, (_, at) => ((at * 7919) % 1000) / 1000);
  const limit = columnLimit(
    [{ name: "x", layer: 0, head: null, tensor: { data, shape: [64, 30], axes: ["position", "n_embd"] } }],
    2.5,
  );
  const beyond = Array.from({ length: 64 }, (_, row) => Math.max(...data.subarray(row * 30, row * 30 + 30))).filter(
    (most) => most > limit,
  );
  assert.ok(beyond.length > 16 && beyond.length < 48, `${beyond.length} of 64`);
});
