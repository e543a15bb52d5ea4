import assert from "node:assert/strict";
import { test } from "node:test";
import { figureCsv, figureTable, tableCsv } from "../../web/layout/figure_numbers.js";

/** Comma-separated values back into cells. @param {string} csv */
function cellsOf(csv) {
  return csv
    .replace(/^\ufeff/, "")
    .trimEnd()
    .split("\r\n")
    .map((line) =>
      Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
        (quoted ?? plain).replaceAll('""', '"'),
      ),
    );
}

test("no label, name or text of a saved table is a formula to a spreadsheet", () => {
  const evil = ['=HYPERLINK("http://example.org","x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "＝1"];
  const csv = tableCsv(
    { title: evil[0], corner: evil[1], columns: evil, rows: evil.map((label) => ({ label, cells: [label, -1.5] })) },
    { model: "toy", text: evil[2] },
  );
  const cells = cellsOf(csv).flat();
  for (const words of evil) {
    assert.ok(cells.includes(`'${words}`), words);
    assert.ok(!cells.includes(words), words);
  }
  assert.ok(cells.includes("-1.5"), "numbers stay numbers");
});

test("harmless words stay as they are; commas and quotes are quoted", () => {
  const [, , , header, row] = cellsOf(
    tableCsv(
      { title: "t", corner: "a,b", columns: ['say "x"'], rows: [{ label: "␣the", cells: [NaN] }] },
      { model: "m" },
    ),
  );
  assert.deepEqual(header, ["a,b", 'say "x"']);
  assert.deepEqual(row, ["␣the", ""]);
});

test("a figure's table has its rows, or its columns where it stands upright", () => {
  const figure = {
    title: "t",
    row_axis: "r",
    column_axis: "c",
    column_labels: null,
    rows: [
      { label: "one", values: [1, 2], limit: 2 },
      { label: "two", values: [3, 4], limit: 4 },
    ],
  };
  assert.deepEqual(figureTable(figure).rowAt(1), { label: "two", values: [3, 4] });
  assert.deepEqual(figureTable({ ...figure, is_upright: true }).rowAt(1), { label: "2", values: [2, 4] });
  assert.match(figureCsv(figure, {}), /two,3,4/);
});
