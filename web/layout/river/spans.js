/**
 * Where the blocks lie from left to right. One may be open: it takes most of the room, the others share what is left.
 *
 * @typedef {{x: number, width: number, openness: number}} Span `openness` 0 to 1
 */

const WIDE_MOST = 530;
const WIDE_SHARE = 0.66;
// On a phone an open block needs nearly all there is.
const SMALL_PX = 500;
const WIDE_SHARE_SMALL = 0.88;

/**
 * @param {number[]} openness [layer] 0 to 1 each; while one closes and another opens both are between
 * @param {{x: number, width: number}} room px
 * @returns {Span[]}
 */
export function blockSpans(openness, room) {
  const n_layer = openness.length;
  const total = openness.reduce((sum, share) => sum + share, 0);
  const wide = wideOf(n_layer, room.width);
  const slim = n_layer > 1 ? (room.width - wide) / (n_layer - 1) : room.width;
  let x = room.x;
  return openness.map((share) => {
    const when_open = slim + ((wide - slim) * share) / Math.max(total, 1);
    const width = room.width / n_layer + (when_open - room.width / n_layer) * Math.min(1, total);
    const span = { x, width, openness: share };
    x += width;
    return span;
  });
}

/** Width of an open block. @param {number} n_layer @param {number} width of all */
export function wideOf(n_layer, width) {
  if (n_layer === 1) return width;
  return Math.min(WIDE_MOST, width * (width < SMALL_PX ? WIDE_SHARE_SMALL : WIDE_SHARE));
}

/**
 * Where in a block things happen, in px: what attention brings leaves its source at `from`, has landed at `attention`; what
 * the MLP adds has landed at `mlp`.
 * @param {Span} span
 */
export function placesIn({ x, width, openness }) {
  const late = openness ** 3;
  return {
    from: mix(x - width * 0.08, x + width * 0.62, late),
    attention: mix(x + width * 0.56, x + Math.min(450, width * 0.85), late),
    mlp: mix(x + width * 0.95, x + width - 12, openness),
    end: x + width,
  };
}

/** @param {number} a @param {number} b @param {number} share */
export const mix = (a, b, share) => a + (b - a) * share;
