/**
 * Vectors of the chosen token as sheets beside its river, from left to right as they become each other: a norm, the embedding, the
 * unembedding. x counts from the left edge of the part.
 *
 * @typedef {import("./stage.js").Stage} Stage
 * @typedef {import("./open_mlp.js").Placed} Placed
 * @typedef {{sheets: Placed[], words: number[], free: {top: number, bottom: number}}} SheetsLayout
 *   `words`: baselines of the lines that follow one number; `free`: what is left of the stage
 */
import { sheetOf } from "./cells.js";

const GAP = { wide: 24, slim: 20 };
const SHEET_MOST = { wide: 84, slim: 58 };
const SHEET_LEAST = 32;
const CAPTION_PX = 20;
const WORDS_PX = 20;
const PER_LINE_SLIM = 3;

/**
 * Sheets side by side, each with its caption above it; on a phone in lines of three. Words follow, away from the river.
 * @param {Stage} stage @param {number} n_embd @param {number} n_sheets @param {number} n_words lines of words
 * @param {number} [size_most] px a sheet is high and wide, where there is room @returns {SheetsLayout}
 */
export function sheetsLayout(stage, n_embd, n_sheets, n_words, size_most) {
  const kind = stage.is_slim ? "slim" : "wide";
  const per_line = stage.is_slim ? Math.min(PER_LINE_SLIM, n_sheets) : n_sheets;
  const n_lines = Math.ceil(n_sheets / per_line);
  const wide = (stage.width - (per_line - 1) * GAP[kind]) / per_line;
  const tall = (stage.height - n_words * WORDS_PX) / n_lines - CAPTION_PX;
  const size = Math.min(size_most ?? SHEET_MOST[kind], wide, Math.max(SHEET_LEAST, tall));
  const sheet = sheetOf(n_embd, { width: size, height: size });
  const line_px = sheet.height + CAPTION_PX;
  const used = n_lines * line_px;
  const top = stage.side < 0 ? stage.bottom - used : stage.top;
  const sheets = Array.from({ length: n_sheets }, (_, index) => ({
    x: stage.x + (index % per_line) * (sheet.width + GAP[kind]),
    y: top + Math.floor(index / per_line) * line_px + CAPTION_PX,
    sheet,
  }));
  const words_px = n_words * WORDS_PX;
  const words_top = stage.side < 0 ? top - words_px - 2 : top + used + 8;
  const words = Array.from({ length: n_words }, (_, line) => words_top + (line + 0.7) * WORDS_PX);
  const free =
    stage.side < 0
      ? { top: stage.top, bottom: words_top - 6 }
      : { top: words_top + words_px + 6, bottom: stage.bottom };
  return { sheets, words, free };
}

/**
 * An axis with 0 on it that has room for all numbers of some vectors. @param {ArrayLike<number>[]} vectors
 * @param {{x: number, width: number}} room px @returns {(value: number) => number} px
 */
export function axisOf(vectors, { x, width }) {
  let [low, high] = [0, 0];
  for (const vector of vectors) {
    for (let index = 0; index < vector.length; index++) {
      low = Math.min(low, vector[index]);
      high = Math.max(high, vector[index]);
    }
  }
  return (value) => x + ((value - low) / (high - low || 1)) * width;
}

/** The number that is largest, whatever its sign. @param {ArrayLike<number>} values */
export function largestIndex(values) {
  let best = 0;
  for (let index = 1; index < values.length; index++)
    if (Math.abs(values[index]) > Math.abs(values[best])) best = index;
  return best;
}
