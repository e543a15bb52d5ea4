/**
 * A figure as numbers with names: what its table shows, what is saved of it, and a drawing of it that stands by itself.
 *
 * @typedef {{label: string, values: ArrayLike<number>, limit: number}} FigureRow `limit`: where the row's colours end
 * @typedef {{title: string, rows: FigureRow[], column_labels: string[] | null, row_axis: string, column_axis: string,
 *   is_upright?: boolean}} FigureData
 *   `is_upright`: the table has a column for each row of the figure; so are long vectors easier to read.
 * @typedef {{corner: string, columns: string[], n_rows: number, rowAt: (index: number) => {label: string, values: number[]}}} FigureTable
 * @typedef {{title: string, corner: string, columns: string[], rows: {label: string, cells: (number | string | undefined)[]}[]}} NumbersTable
 * @typedef {{ink: string, paper: string, ramp: (share: number) => string}} FigureColours `share` from −1 to 1
 */

const WIDTH = 920;
const LABEL_WIDTH = 150;
const CELL_MAX = 26;
const MARGIN = 24;
const TITLE_LINES = 2;
const LINE = 20;
// Drawings with more cells than this would be larger than what they show.
export const CELLS_MOST = 40_000;

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
  const quoted = (/** @type {string} */ words) => (/[",\r\n]/.test(words) || /^[=+@-]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words);
  const cell = (/** @type {number | string | undefined} */ value) =>
    typeof value === "string" ? quoted(value) : value === undefined || Number.isNaN(value) ? "" : String(value);
  const lines = Object.entries({ figure: title, ...origin }).map((pair) => pair.map(quoted).join(","));
  lines.push("", [corner, ...columns].map(quoted).join(","));
  for (const { label, cells } of rows) lines.push([quoted(label), ...cells.map(cell)].join(","));
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

/**
 * The figure as SVG: a row of coloured cells for each of its rows, with its name, axes, scale and origin.
 * @param {FigureData} figure @param {Record<string, string>} origin @param {FigureColours} colours
 */
export function figureSvg({ title, rows, column_labels, row_axis, column_axis }, origin, { ink, paper, ramp }) {
  const length = Math.max(1, ...rows.map(({ values }) => values.length));
  const cell = Math.min(CELL_MAX, (WIDTH - LABEL_WIDTH - 2 * MARGIN) / length);
  const row_height = Math.max(4, Math.min(CELL_MAX, 700 / rows.length, column_labels ? cell : CELL_MAX));
  const labels_px = column_labels ? 90 : LINE;
  const top = MARGIN + TITLE_LINES * LINE + labels_px;
  const origins = Object.entries(origin).map(([name, words]) => `${name}: ${words}`);
  const height = top + rows.length * row_height + (origins.length + 2) * LINE + MARGIN;
  const x = (/** @type {number} */ column) => round(MARGIN + LABEL_WIDTH + column * cell);
  const parts = [text(MARGIN, MARGIN + LINE, title, 'font-size="16" font-weight="600"')];
  parts.push(text(MARGIN, MARGIN + 2 * LINE, `${row_axis} ↓   ${column_axis} →`));
  const label_step = Math.max(1, Math.ceil(13 / cell));
  column_labels?.forEach((label, column) => column % label_step === 0
    && parts.push(text(0, 0, label, `transform="translate(${x(column) + 4} ${top - 6}) rotate(-52)"`)));
  const row_step = Math.max(1, Math.ceil(13 / row_height));
  rows.forEach(({ label, values, limit }, row) => {
    const y = round(top + row * row_height);
    if (row % row_step === 0) parts.push(text(MARGIN + LABEL_WIDTH - 8, y + row_height / 2 + 4, label, 'text-anchor="end"'));
    for (let column = 0; column < values.length; column++) {
      if (!Number.isFinite(values[column])) continue;
      const share = Math.max(-1, Math.min(1, values[column] / limit));
      parts.push(`<rect x="${x(column)}" y="${y}" width="${round(cell + 0.2)}" height="${round(row_height - (row_height > 8 ? 1 : 0))}" fill="${ramp(share)}"/>`);
    }
  });
  const limits = new Set(rows.map(({ limit }) => limit.toPrecision(3)));
  origins.unshift(limits.size === 1 ? `scale: ±${[...limits][0]}` : "scale: each row its own");
  origins.forEach((words, index) => parts.push(text(MARGIN, top + rows.length * row_height + (index + 1.5) * LINE, words)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${Math.round(height)}" viewBox="0 0 ${WIDTH} ${Math.round(height)}" font-family="sans-serif" font-size="13" fill="${ink}">
<title>${escape(title)}</title><desc>${escape(origins.join("; "))}</desc><rect width="100%" height="100%" fill="${paper}"/>
${parts.join("\n")}
</svg>`;
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/** @param {string} words */
const escape = (words) => words.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`).replace(/[\u0000-\u0008\u000b-\u001f]/g, "�");

/** @param {number} x @param {number} y @param {string} words @param {string} [attributes] */
const text = (x, y, words, attributes = "") => `<text x="${round(x)}" y="${round(y)}" xml:space="preserve" ${attributes}>${escape(words)}</text>`;
