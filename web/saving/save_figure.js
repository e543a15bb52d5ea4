/** Saves a figure as a file: its drawing as SVG or PNG, its numbers as CSV, each with where they come from. */
import { whole } from "../integrity/whole_fetch.js";
import { figureSvg } from "../layout/figure_drawing.js";
import { figureCsv, tableCsv } from "../layout/figure_numbers.js";

const PNG_DENSITY = 2;

/** @typedef {"svg" | "png" | "csv"} FileKind */

/**
 * @param {FileKind} kind @param {import("../layout/figure_numbers.js").FigureData} figure
 * @param {Record<string, string>} origin @param {import("../layout/figure_drawing.js").FigureColours} colours
 */
export async function saveFigure(kind, figure, origin, colours) {
  download(await makeFile(kind, figure, origin, colours), `${fileName(figure.title)}.${kind}`);
}

/**
 * @param {FileKind} kind @param {import("../layout/figure_numbers.js").FigureData} figure
 * @param {Record<string, string>} origin @param {import("../layout/figure_drawing.js").FigureColours} colours
 * @returns {Promise<Blob>}
 */
async function makeFile(kind, figure, origin, colours) {
  if (kind === "csv") return new Blob([figureCsv(figure, origin)], { type: "text/csv;charset=utf-8" });
  const svg = new Blob([figureSvg(figure, origin, colours)], { type: "image/svg+xml" });
  return kind === "svg" ? svg : toPng(svg);
}

/**
 * A drawing of the page: itself, or its numbers.
 * @param {FileKind} kind @param {SVGSVGElement} drawing
 * @param {{heading: string, lines: import("./drawing_picture.js").Line[], origin: Record<string, string>}} words
 * @param {import("../layout/figure_numbers.js").NumbersTable} table
 */
export async function saveDrawing(kind, drawing, words, table) {
  const { drawingSvg } = await import("./drawing_picture.js");
  const svg = () => new Blob([drawingSvg(drawing, words)], { type: "image/svg+xml" });
  const csv = () => new Blob([tableCsv(table, words.origin)], { type: "text/csv;charset=utf-8" });
  const file = kind === "csv" ? csv() : kind === "svg" ? svg() : await toPng(svg());
  download(file, `${fileName(table.title)}.${kind}`);
}

/**
 * A whole card of the page: its picture as it stands, or its numbers.
 * @param {FileKind} kind @param {HTMLElement} card @param {import("../layout/figure_numbers.js").NumbersTable} table
 * @param {Record<string, string>} origin
 */
export async function saveCard(kind, card, table, origin) {
  download(await makeCardFile(kind, card, table, origin), `${fileName(table.title)}.${kind}`);
}

/**
 * @param {FileKind} kind @param {HTMLElement} card @param {import("../layout/figure_numbers.js").NumbersTable} table
 * @param {Record<string, string>} origin @returns {Promise<Blob>}
 */
async function makeCardFile(kind, card, table, origin) {
  if (kind === "csv") return new Blob([tableCsv(table, origin)], { type: "text/csv;charset=utf-8" });
  const { cardSvg } = await whole("saving/card_picture.js", () => import("./card_picture.js"));
  const svg = new Blob([await cardSvg(card, origin)], { type: "image/svg+xml" });
  return kind === "svg" ? svg : toPng(svg);
}

/** @param {Blob} svg @returns {Promise<Blob>} */
async function toPng(svg) {
  const image = new Image();
  // As data: a canvas gives nothing back of an image with parts of a page in it that has an address.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await svg.text())}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.naturalWidth * PNG_DENSITY, image.naturalHeight * PNG_DENSITY);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/png" });
}

/** @param {Blob} file @param {string} name */
export function download(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has to have begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Letters and digits of any script, the rest as dashes. @param {string} title */
const fileName = (title) =>
  `glassbox-${title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")}`;
