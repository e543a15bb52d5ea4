/**
 * A drawing of a figure that stands by itself.
 *
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

/**
 * The figure as SVG: a row of coloured cells for each of its rows, with its name, axes, scale and origin.
 * @param {import("./figure_numbers.js").FigureData} figure @param {Record<string, string>} origin @param {FigureColours} colours
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
  for (const [column, label] of (column_labels ?? []).entries()) {
    if (column % label_step > 0) continue;
    parts.push(text(0, 0, label, `transform="translate(${x(column) + 4} ${top - 6}) rotate(-52)"`));
  }
  const row_step = Math.max(1, Math.ceil(13 / row_height));
  rows.forEach(({ label, values, limit }, row) => {
    const y = round(top + row * row_height);
    if (row % row_step === 0)
      parts.push(text(MARGIN + LABEL_WIDTH - 8, y + row_height / 2 + 4, label, 'text-anchor="end"'));
    for (let column = 0; column < values.length; column++) {
      if (!Number.isFinite(values[column])) continue;
      const share = Math.max(-1, Math.min(1, values[column] / limit));
      parts.push(
        `<rect x="${x(column)}" y="${y}" width="${round(cell + 0.2)}" height="${round(row_height - (row_height > 8 ? 1 : 0))}" fill="${ramp(share)}"/>`,
      );
    }
  });
  const limits = new Set(rows.map(({ limit }) => limit.toPrecision(3)));
  origins.unshift(limits.size === 1 ? `scale: ±${[...limits][0]}` : "scale: each row its own");
  for (const [index, words] of origins.entries()) {
    parts.push(text(MARGIN, top + rows.length * row_height + (index + 1.5) * LINE, words));
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${Math.round(height)}" viewBox="0 0 ${WIDTH} ${Math.round(height)}" font-family="sans-serif" font-size="13" fill="${ink}">
<title>${escaped(title)}</title><desc>${escaped(origins.join("; "))}</desc><rect width="100%" height="100%" fill="${paper}"/>
${parts.join("\n")}
</svg>`;
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/** @param {string} words */
const escaped = (words) =>
  words.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`).replace(/(?![\t\n])\p{Cc}/gu, "�");

/** @param {number} x @param {number} y @param {string} words @param {string} [attributes] */
const text = (x, y, words, attributes = "") =>
  `<text x="${round(x)}" y="${round(y)}" xml:space="preserve" ${attributes}>${escaped(words)}</text>`;
