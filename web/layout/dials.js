/**
 * Pairs of numbers as arrows in a grid of dials, before and after they are turned.
 * @typedef {{cx: number, cy: number, before: [number, number], after: [number, number], share: number}} Dial
 *   ends of the arrows, px; `share`: the pair's length as a share of the longest
 * @typedef {{dials: Dial[], radius: number, size: number, columns: number, width: number, height: number}} DialLayout
 */

const GAP = 6;

/**
 * The pairs are (i, i + half). Each reaches the rim, so that short ones can be seen to turn, too.
 * @param {ArrayLike<number>} before @param {ArrayLike<number>} after
 * @param {{columns: number, size: number}} grid `size`: of a dial, px
 * @returns {DialLayout}
 */
export function dialLayout(before, after, { columns, size }) {
  const half = before.length / 2;
  const lengths = Array.from({ length: half }, (_, pair) => Math.hypot(before[pair], before[pair + half]));
  const longest = Math.max(...lengths);
  const radius = (size - GAP) / 2;
  const dials = Array.from({ length: half }, (_, pair) => {
    const [cx, cy] = [((pair % columns) + 0.5) * size, (Math.floor(pair / columns) + 0.5) * size];
    const scale = radius / (lengths[pair] || 1);
    // The first number to the right, the second upwards, so that a positive angle turns against the clock.
    const end = (/** @type {ArrayLike<number>} */ vector) =>
      /** @type {[number, number]} */ ([cx + vector[pair] * scale, cy - vector[pair + half] * scale]);
    return { cx, cy, before: end(before), after: end(after), share: lengths[pair] / (longest || 1) };
  });
  return { dials, radius, size, columns, width: columns * size, height: Math.ceil(half / columns) * size };
}
