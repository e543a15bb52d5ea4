/**
 * How brightly a token's row is lit while another one is pointed at, from 0 to 1.
 * @param {ArrayLike<number> | null} weights [key] of the pointed query's row; null while none is pointed at
 * @param {number | null} pointed
 * @param {number} token
 * @returns {{source: number, result: number}} before attention, where it is a source, and after it
 */
export function ancestry(weights, pointed, token) {
  if (weights === null || pointed === null) return { source: 1, result: 1 };
  if (token === pointed) return { source: 1, result: 1 };
  // The eye takes the root for a proportion: a weight of 4 % is still to be seen.
  return { source: token < pointed ? Math.sqrt(weights[token]) : 0, result: 0 };
}
