import assert from "node:assert/strict";
import { test } from "node:test";
import { cellOf, indexOnSheet, sheetOf, sheetPaths } from "../../web/layout/river/cells.js";
import { closingTenths, mlpLayout, mostActive, writerLandings, writersOf } from "../../web/layout/river/open_mlp.js";
import { keyOf, opennessOf, partAt, partOf } from "../../web/layout/river/parts.js";
import { axisOf, largestIndex, sheetsLayout } from "../../web/layout/river/sheets.js";
import { stageOf } from "../../web/layout/river/stage.js";

test("a part is found again by its key", () => {
  for (const part of [partAt("mlp", 3), partAt("norm_1", 0), partAt("embedding", 3), partAt("unembedding", 1)])
    assert.deepEqual(partOf(keyOf(part)), part);
  assert.equal(partAt("embedding", 3).layer, null);
  assert.equal(opennessOf({ "mlp:1": 0.75, embedding: 0.5 }), 1);
});

test("every number of a sheet has a cell of a pixel or more, and is found under it", () => {
  for (const count of [1, 64, 256, 576, 768, 1024, 1536, 3072, 4096, 97]) {
    for (const size of [40, 76]) {
      const sheet = sheetOf(count, { width: size, height: size });
      assert.ok(sheet.cell >= 1, `${count} in ${size}`);
      assert.ok(sheet.columns * sheet.rows >= count);
      assert.ok(sheet.columns * (sheet.rows - 1) < count, "no empty line");
      if (count <= size * size) assert.ok(sheet.width <= size + 1e-6 && sheet.height <= size + 1e-6);
      for (const index of [0, Math.floor(count / 2), count - 1]) {
        const { x, y } = cellOf(sheet, index);
        assert.equal(indexOnSheet(sheet, count, { x: x + sheet.cell / 2, y: y + sheet.cell / 2 }), index);
      }
      assert.equal(indexOnSheet(sheet, count, { x: -1, y: 0 }), null);
    }
  }
  const paths = sheetPaths([0, 1, -1, 0], 1, sheetOf(4, { width: 14, height: 14 }), 255);
  assert.deepEqual(
    [...paths.keys()].sort((a, b) => a - b),
    [0, 127, 254],
  );
  assert.equal(paths.get(127)?.match(/M/g)?.length, 2);
});

const ROOM = { top: 78, height: 420 };
const rowAt = (/** @type {number} */ y) =>
  /** @type {any} */ ({ first: 0, last: 0, kind: "chosen", emphasis: 1, top: y - 30, height: 60, y, thickness: 30 });

test("whatever row is chosen, an open MLP has the larger side and keeps off the river", () => {
  for (const [width, y] of [
    [530, 468],
    [530, 110],
    [530, 288],
    [240, 468],
    [240, 288],
  ]) {
    const row = rowAt(y);
    const stage = stageOf(width, row, ROOM);
    assert.equal(stage.side, y > 288 || y === 288 ? -1 : 1);
    for (const sizes of [
      { n_embd: 256, d_mlp: 1024, has_bias: true },
      { n_embd: 576, d_mlp: 1536, has_bias: false },
      { n_embd: 768, d_mlp: 3072, has_bias: true },
    ]) {
      const layout = mlpLayout(stage, width, sizes);
      assert.ok(layout.n_named >= 2);
      assert.equal(layout.lines.length, layout.n_named + (sizes.has_bias ? 2 : 1));
      const boxes = [
        ...[layout.normed, layout.hidden].map(({ x, y: top, sheet }) => [x, top, x + sheet.width, top + sheet.height]),
        ...(layout.curve
          ? [
              [
                layout.curve.x,
                layout.curve.y,
                layout.curve.x + layout.curve.width,
                layout.curve.y + layout.curve.height,
              ],
            ]
          : []),
        [
          layout.columns.label - 40,
          layout.lines[0].y - layout.lines[0].pitch / 2,
          layout.columns.right,
          layout.lines[layout.lines.length - 1].y + layout.lines[0].pitch / 2,
        ],
      ];
      boxes.forEach(([left, top, right, bottom], index) => {
        assert.ok(
          left >= 0 && right <= width && top >= stage.top - 1 && bottom <= stage.bottom + 1,
          `${width} ${y} ${index}`,
        );
        for (const [l, t, r, b] of boxes.slice(index + 1))
          assert.ok(
            l >= right - 1 || r <= left + 1 || t >= bottom - 1 || b <= top + 1,
            `${width} ${y} ${index} overlaps`,
          );
      });
    }
  }
});

test("sheets, words and what is free share a stage without covering each other", () => {
  for (const [width, y] of [
    [530, 468],
    [530, 110],
    [240, 468],
    [240, 110],
  ]) {
    const stage = stageOf(width, rowAt(y), ROOM);
    for (const [n_embd, n_sheets, n_words] of [
      [256, 5, 3],
      [576, 4, 2],
      [768, 1, 1],
    ]) {
      const { sheets, words, free } = sheetsLayout(stage, n_embd, n_sheets, n_words);
      assert.equal(sheets.length, n_sheets);
      sheets.forEach(({ x, y: top, sheet }, index) => {
        assert.ok(x >= 0 && x + sheet.width <= width && top >= stage.top && top + sheet.height <= stage.bottom + 1e-6);
        for (const other of sheets.slice(index + 1))
          assert.ok(other.x >= x + sheet.width || other.y >= top + sheet.height + 14, "room for a caption");
        for (const line of words) assert.ok(line <= top - 16 || line >= top + sheet.height + 10);
      });
      assert.ok(free.top >= stage.top - 1e-6 && free.bottom <= stage.bottom + 1e-6);
      for (const line of words) assert.ok(line <= free.top || line - 12 >= free.bottom);
    }
  }
  const place = axisOf([[1, 4], [-2]], { x: 10, width: 60 });
  assert.deepEqual([-2, 0, 4].map(place), [10, 30, 70]);
  assert.equal(largestIndex([1, -4, 3]), 1);
});

test("what is named, the rest and the bias add up to what the MLP writes", () => {
  const found = {
    after: [0.5, 3, -0.1, 2],
    writes: [0.25, 1, -0.5, 0.75],
    bias_write: 0.5,
    after_length: 4,
    has_bias: true,
  };
  for (const named of [[1], [1, 3, 0, 2]]) {
    const writers = writersOf(found, named);
    const sum = writers.reduce((total, { share }) => total + share, 0);
    assert.ok(Math.abs(sum - 2 / 4) < 1e-9);
    assert.equal(writers.find(({ kind }) => kind === "rest")?.count, 4 - named.length);
  }
});

test("printed shares add up to the printed total, each within a tenth of the truth", () => {
  for (const shares of [[0.0014, 0.0014, 0.0014], [-0.0104, 0.1566, 0.0036], [0.3333, 0.3333, 0.3334], [0]]) {
    const total = shares.reduce((sum, share) => sum + share, 0);
    const tenths = closingTenths(shares, total);
    assert.equal(
      tenths.reduce((sum, value) => sum + value, 0),
      Math.round(total * 1000),
    );
    for (const [index, value] of tenths.entries()) assert.ok(Math.abs(value - shares[index] * 1000) <= 1);
  }
  assert.deepEqual(mostActive([0.1, -3, 2, -0.2], 3), [1, 2, 3]);
});

test("ribbons of writers land in the order of their lines, from either side", () => {
  const writers = [0.25, 0.5, 0.125].map((share) => /** @type {any} */ ({ share }));
  for (const side of /** @type {const} */ ([-1, 1])) {
    const landed = writerLandings(writers, rowAt(200), side).sort((a, b) => a.top - b.top);
    assert.deepEqual(
      landed.map(({ index }) => index),
      [0, 1, 2],
    );
    assert.deepEqual(
      landed.map(({ thickness }) => thickness / 30),
      [0.25, 0.5, 0.125],
    );
    assert.equal(side < 0 ? landed[0].top : landed[2].top + landed[2].thickness, side < 0 ? 185 : 215);
  }
});
