/**
 * Pairs of numbers as arrows in a grid of dials, before and after they are turned.
 * @typedef {{cx: number, cy: number, before: [number, number], after: [number, number]}} Dial ends of the arrows, px
 * @typedef {{dials: Dial[], radius: number, size: number, columns: number, width: number, height: number}} DialLayout
 */

const GAP = 6;

/**
 * The pairs are (i, i + half). One length for all dials: the longest pair reaches the rim.
 * @param {ArrayLike<number>} before @param {ArrayLike<number>} after
 * @param {{columns: number, size: number}} grid `size`: of a dial, px
 * @returns {DialLayout}
 */
export function dialLayout(before, after, { columns, size }) {
  const half = before.length / 2;
  let longest = 0;
  for (let pair = 0; pair < half; pair++) longest = Math.max(longest, Math.hypot(before[pair], before[pair + half]));
  const radius = (size - GAP) / 2;
  const scale = radius / (longest || 1);
  const dials = Array.from({ length: half }, (_, pair) => {
    const [cx, cy] = [((pair % columns) + 0.5) * size, (Math.floor(pair / columns) + 0.5) * size];
    // The first number to the right, the second upwards, so that a positive angle turns against the clock.
    const end = (/** @type {ArrayLike<number>} */ vector) =>
      /** @type {[number, number]} */ ([cx + vector[pair] * scale, cy - vector[pair + half] * scale]);
    return { cx, cy, before: end(before), after: end(after) };
  });
  return { dials, radius, size, columns, width: columns * size, height: Math.ceil(half / columns) * size };
}
