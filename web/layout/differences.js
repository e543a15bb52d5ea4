/** How far two lists of numbers of the same length are apart where they are furthest. @param {ArrayLike<number>} first @param {ArrayLike<number>} second */
export function largestDifference(first, second) {
  let largest = 0;
  for (let at = 0; at < first.length; at++) largest = Math.max(largest, Math.abs(first[at] - second[at]));
  return largest;
}
