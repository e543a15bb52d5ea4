/**
 * Where the rows of the flow stand: one for each token, all alike.
 *
 * @typedef {{top: number, pitch: number, count: number, first: number, n_tokens: number, height: number}} RowLayout
 *   Rows `first` to `first + count - 1` are in sight, `pitch` px apart, the first at `top`. `height` of all in sight.
 */

// This many rows are always in sight at once; with more, those in sight have room to be read well.
const FIT_COUNT = 24;
const PITCH_MIN = 11;
const PITCH_MIN_SCROLLING = 16;
const PITCH_MAX = 48;
const STRIP_SHARE = 0.68;

/**
 * @param {number} n_tokens
 * @param {{top: number, height: number}} room in px
 * @param {number} wanted_first the row a reader has scrolled to
 * @returns {RowLayout}
 */
export function rowLayout(n_tokens, { top, height }, wanted_first) {
  const least = n_tokens <= FIT_COUNT ? PITCH_MIN : PITCH_MIN_SCROLLING;
  const fitting = Math.max(1, Math.floor(height / least));
  const count = Math.min(Math.max(1, n_tokens), fitting);
  const pitch = Math.min(PITCH_MAX, height / count);
  const first = Math.max(0, Math.min(n_tokens - count, wanted_first));
  return { top, pitch, count, first, n_tokens, height: pitch * count };
}

/** Middle of a token's row in px; rows out of sight lie at the edge they went past. @param {RowLayout} rows @param {number} token */
export function rowMiddle({ top, pitch, count, first }, token) {
  return top + Math.max(0, Math.min(count, token - first + 0.5)) * pitch;
}

/** Height of a strip. @param {RowLayout} rows */
export const stripHeight = ({ pitch }) => Math.max(6, Math.round(pitch * STRIP_SHARE));

/** @param {RowLayout} rows @param {number} token */
export const isInSight = ({ first, count }, token) => token >= first && token < first + count;

/** The token whose row is at a height; the nearest one outside. @param {RowLayout} rows @param {number} y in px */
export function tokenAt({ top, pitch, count, first }, y) {
  return first + Math.max(0, Math.min(count - 1, Math.floor((y - top) / pitch)));
}

/** Tokens in sight, top to bottom. @param {RowLayout} rows @returns {number[]} */
export const tokensInSight = ({ first, count }) => Array.from({ length: count }, (_, row) => first + row);
