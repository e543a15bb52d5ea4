/**
 * A figure as numbers with names: what its table shows, and what is saved of it as comma-separated values.
 *
 * @typedef {{label: string, values: ArrayLike<number>, limit: number}} FigureRow `limit`: where the row's colours end
 * @typedef {{title: string, rows: FigureRow[], column_labels: string[] | null, row_axis: string, column_axis: string,
 *   is_upright?: boolean}} FigureData
 *   `is_upright`: the table has a column for each row of the figure; so are long vectors easier to read.
 * @typedef {{corner: string, columns: string[], n_rows: number, rowAt: (index: number) => {label: string, values: number[]}}} FigureTable
 * @typedef {{title: string, corner: string, columns: string[], rows: {label: string, cells: (number | string | undefined)[]}[]}} NumbersTable
 */

// Spreadsheets evaluate a cell that begins so, quoted or not; tokens may. An apostrophe before it makes it words.
const EVALUATED = /^[=+\-@\t\r＝＋－＠]/;

/** @param {FigureData} figure @returns {FigureTable} */
export function figureTable({ rows, column_labels, row_axis, column_axis, is_upright }) {
  const length = Math.max(0, ...rows.map(({ values }) => values.length));
  const name = (/** @type {number} */ index) => column_labels?.[index] ?? String(index + 1);
  if (is_upright) {
    return {
      corner: column_axis,
      columns: rows.map(({ label }) => label),
      n_rows: length,
      rowAt: (index) => ({ label: name(index), values: rows.map(({ values }) => values[index]) }),
    };
  }
  return {
    corner: `${row_axis} ↓ ${column_axis} →`,
    columns: Array.from({ length }, (_, index) => name(index)),
    n_rows: rows.length,
    rowAt: (index) => ({ label: rows[index].label, values: Array.from(rows[index].values) }),
  };
}

/**
 * A figure as comma-separated values.
 * @param {FigureData} figure @param {Record<string, string>} origin model, text, version
 */
export function figureCsv(figure, origin) {
  const { corner, columns, n_rows, rowAt } = figureTable(figure);
  const rows = Array.from({ length: n_rows }, (_, index) => {
    const { label, values } = rowAt(index);
    return { label, cells: values };
  });
  return tableCsv({ title: figure.title, corner, columns, rows }, origin);
}

/**
 * Comma-separated values, first where they come from. Nothing and "not a number" are empty.
 * @param {NumbersTable} table @param {Record<string, string>} origin model, text, version
 */
export function tableCsv({ title, corner, columns, rows }, origin) {
  const quoted = (/** @type {string} */ words) => {
    const harmless = EVALUATED.test(words) ? `'${words}` : words;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  const cell = (/** @type {number | string | undefined} */ value) =>
    typeof value === "string" ? quoted(value) : value === undefined || Number.isNaN(value) ? "" : String(value);
  const lines = Object.entries({ figure: title, ...origin }).map((pair) => pair.map(quoted).join(","));
  lines.push("", [corner, ...columns].map(quoted).join(","));
  for (const { label, cells } of rows) lines.push([quoted(label), ...cells.map(cell)].join(","));
  return `\ufeff${lines.join("\r\n")}\r\n`;
}
