/**
 * Two lists of tokens side by side: what is the same stands together, and between two such places what differs is paired in
 * order where both have as many.
 *
 * @typedef {{first: number | null, second: number | null, is_same: boolean}} Pair positions; null: the other has nothing here
 */

/** @param {ArrayLike<number>} first @param {ArrayLike<number>} second token ids @returns {Pair[]} */
export function align(first, second) {
  const longest = commonLengths(first, second);
  /** @type {Pair[]} */
  const pairs = [];
  let [i, j] = [0, 0];
  let [from_i, from_j] = [0, 0];
  const takeGap = () => {
    pairs.push(...gap(from_i, i, from_j, j));
  };
  while (i < first.length && j < second.length) {
    if (first[i] === second[j]) {
      takeGap();
      pairs.push({ first: i++, second: j++, is_same: true });
      [from_i, from_j] = [i, j];
    } else if (longest[i + 1][j] >= longest[i][j + 1]) i++;
    else j++;
  }
  [i, j] = [first.length, second.length];
  takeGap();
  return pairs;
}

/** What differs: paired as far as both go on. @param {number} i @param {number} end_i @param {number} j @param {number} end_j */
function gap(i, end_i, j, end_j) {
  const length = Math.max(end_i - i, end_j - j);
  return Array.from({ length }, (_, step) => ({
    first: i + step < end_i ? i + step : null,
    second: j + step < end_j ? j + step : null,
    is_same: false,
  }));
}

/**
 * Length of the longest list that both still have in common, from each place on.
 * @param {ArrayLike<number>} first @param {ArrayLike<number>} second
 */
function commonLengths(first, second) {
  const longest = Array.from({ length: first.length + 1 }, () => new Uint16Array(second.length + 1));
  for (let i = first.length - 1; i >= 0; i--) {
    for (let j = second.length - 1; j >= 0; j--) {
      longest[i][j] =
        first[i] === second[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  return longest;
}

/**
 * Where both have a token: what may be put into the other's place.
 * @param {Pair[]} pairs @returns {[number, number][]} positions in the first and in the second
 */
export const exchangeable = (pairs) =>
  pairs.flatMap(({ first, second }) =>
    first === null || second === null ? [] : [/** @type {[number, number]} */ ([first, second])],
  );

/**
 * Of two patterns what differs, in percentage points: the second less the first, where both have a token.
 * @param {import("../state/types.js").Tensor} first [query, key] @param {import("../state/types.js").Tensor} second
 * @param {[number, number][]} places @returns {import("../state/types.js").Tensor}
 */
export function patternDifference(first, second, places) {
  const n = places.length;
  const data = new Float32Array(n * n).fill(Number.NaN);
  for (const [row, [query, other_query]] of places.entries()) {
    for (const [column, [key, other_key]] of places.entries()) {
      if (key > query || other_key > other_query) continue;
      data[row * n + column] =
        100 * (second.data[other_query * second.shape[1] + other_key] - first.data[query * first.shape[1] + key]);
    }
  }
  return { data, shape: [n, n], axes: ["query", "key"] };
}
