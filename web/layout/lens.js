/** What the logit lens shows. */

// More columns than this make a table nobody reads, and a slow page.
const COLUMNS_MOST = 48;

/**
 * Positions to show: all, or a stretch around the chosen one.
 * @param {number} n_tokens @param {number} query
 * @returns {number[]}
 */
export function lensColumns(n_tokens, query) {
  const count = Math.min(n_tokens, COLUMNS_MOST);
  const first = Math.max(0, Math.min(n_tokens - count, query - Math.floor(count / 2)));
  return Array.from({ length: count }, (_, index) => first + index);
}

/**
 * Shade for a rank: full for the first, none from the hundredth on, even steps for equal ratios.
 * @param {number} rank from 1
 */
export function rankShade(rank) {
  return Math.max(0, 1 - Math.log10(rank) / 2);
}
