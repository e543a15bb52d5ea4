/**
 * Where the tokens' rivers lie. Few tokens have a row each; of many, those the chosen row takes little from share bands.
 *
 * @typedef {{first: number, last: number, kind: "chosen" | "source" | "other" | "band", top: number, height: number,
 *   y: number, thickness: number, emphasis: number}} Row
 *   Tokens `first` to `last`; `y` is the river's middle, `thickness` its own, `emphasis` 0 to 1: how much the chosen row took.
 */

// With more tokens than this some share a row.
const ROWS_EACH_MOST = 24;
const SHARE_OF_ITS_OWN = 0.02;
const SOURCES_MOST = 11;
// Relative heights of rows.
const FEW = 8;
const CHOSEN = { few: 1.15, many: 2.6 };
const SOURCE = { few: 1, many: 1.5 };
const BAND = 0.9;
const SOURCE_FROM = 0.3;
const THICKNESS_MOST = 38;
const THICKNESS_SHARE = 0.46;

/**
 * @param {object} given
 * @param {number} given.n_tokens
 * @param {number} given.chosen
 * @param {ArrayLike<number>} given.shares [source] the largest share the chosen row has of each source
 * @param {{top: number, height: number}} given.room px
 * @returns {Row[]}
 */
export function riverRows({ n_tokens, chosen, shares, room }) {
  const largest = Math.max(1e-9, ...Array.from(shares).filter((_, source) => source !== chosen));
  const emphasis = (/** @type {number} */ token) =>
    token === chosen ? 1 : Math.min(1, (shares[token] ?? 0) / largest);
  const groups = n_tokens <= ROWS_EACH_MOST ? eachToken(n_tokens) : merged(n_tokens, ownRows(n_tokens, chosen, shares));
  const sizes = n_tokens > FEW ? "many" : "few";
  const rows = groups.map(({ first, last }) => {
    const is_chosen = first <= chosen && chosen <= last;
    const strength = is_chosen ? 1 : first === last ? emphasis(first) : 0;
    const kind = is_chosen ? "chosen" : first < last ? "band" : strength > SOURCE_FROM ? "source" : "other";
    return { first, last, kind: /** @type {Row["kind"]} */ (kind), emphasis: strength };
  });
  const weightOf = { chosen: CHOSEN[sizes], source: SOURCE[sizes], other: 1, band: BAND };
  const total = rows.reduce((sum, { kind }) => sum + weightOf[kind], 0);
  let top = room.top;
  return rows.map((row) => {
    const height = (weightOf[row.kind] / total) * room.height;
    const placed = {
      ...row,
      top,
      height,
      y: top + height / 2,
      thickness: Math.min(THICKNESS_MOST, height * THICKNESS_SHARE),
    };
    top += height;
    return placed;
  });
}

/** @param {number} n_tokens */
const eachToken = (n_tokens) => Array.from({ length: n_tokens }, (_, token) => ({ first: token, last: token }));

/**
 * Tokens that keep a row of their own: the chosen one, its neighbour, and the sources it takes most from.
 * @param {number} n_tokens @param {number} chosen @param {ArrayLike<number>} shares
 */
function ownRows(n_tokens, chosen, shares) {
  const sources = Array.from(shares, (share, token) => ({ share, token }))
    .filter(({ share, token }) => token !== chosen && share >= SHARE_OF_ITS_OWN)
    .sort((a, b) => b.share - a.share || a.token - b.token)
    .slice(0, SOURCES_MOST);
  return new Set([chosen, ...sources.map(({ token }) => token)].filter((token) => token < n_tokens));
}

/** @param {number} n_tokens @param {Set<number>} own */
function merged(n_tokens, own) {
  /** @type {{first: number, last: number}[]} */
  const groups = [];
  for (let token = 0; token < n_tokens; token++) {
    const before = groups.at(-1);
    if (before && !own.has(token) && !own.has(before.last)) before.last = token;
    else groups.push({ first: token, last: token });
  }
  return groups;
}

/** The row that holds a token. @param {Row[]} rows @param {number} token */
export const rowOf = (rows, token) => rows.findIndex(({ first, last }) => first <= token && token <= last);

/**
 * Sums of a source's numbers by row. @param {Row[]} rows @param {ArrayLike<number>} values [source]
 * @returns {number[]} [row]; rows beyond the last source have 0
 */
export function byRow(rows, values) {
  return rows.map(({ first, last }) => {
    let sum = 0;
    for (let token = first; token <= Math.min(last, values.length - 1); token++) sum += values[token];
    return sum;
  });
}
