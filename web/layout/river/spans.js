/**
 * Where the blocks and the two ends lie from left to right. One part may be open: its place takes most of the room, the others
 * share what is left; the ends have none of their own.
 *
 * @typedef {import("./parts.js").Opening} Opening
 * @typedef {Partial<Record<import("./parts.js").PartKind, number>>} ByPart
 * @typedef {{x: number, width: number, openness: number, by_part: ByPart}} Span `openness` 0 to 1, of its parts together
 * @typedef {{blocks: Span[], start: Span, end: Span}} Spans
 */
import { partOf } from "./parts.js";

const WIDE_MOST = 530;
const WIDE_SHARE = 0.66;
// On a phone an open block needs nearly all there is.
const SMALL_PX = 500;
const WIDE_SHARE_SMALL = 0.88;

/**
 * @param {Opening} opening @param {number} n_layer @param {{x: number, width: number}} room px
 * @returns {Spans}
 */
export function riverSpans(opening, n_layer, room) {
  const places = n_layer + 2;
  const by_place = Array.from({ length: places }, () => /** @type {ByPart} */ ({}));
  let total = 0;
  for (const [key, share] of Object.entries(opening)) {
    const { kind, layer } = partOf(key);
    const place = layer === null ? (kind === "embedding" ? 0 : places - 1) : layer + 1;
    if (place >= places) continue;
    by_place[place][kind] = share;
    total += share;
  }
  const shares = by_place.map((by_part) => Object.values(by_part).reduce((sum, share) => sum + share, 0));
  const isEnd = (/** @type {number} */ place) => place === 0 || place === places - 1;
  const wide = wideOf(n_layer, room.width);
  // What a place is wide while none is open, and while one is.
  const widthOf = (/** @type {number} */ place, /** @type {number | null} */ open) => {
    if (open === place) return isEnd(place) ? wide : blockWidthOf(n_layer, room.width);
    if (isEnd(place)) return 0;
    if (open === null) return room.width / n_layer;
    return (room.width - wide) / (isEnd(open) ? n_layer : Math.max(1, n_layer - 1));
  };
  let x = room.x;
  const spans = by_place.map((by_part, place) => {
    let width = widthOf(place, null) * Math.max(0, 1 - total);
    shares.forEach((share, open) => {
      if (share > 0) width += (share / Math.max(1, total)) * widthOf(place, open);
    });
    const span = { x, width, openness: Math.min(1, shares[place]), by_part };
    x += width;
    return span;
  });
  return { start: spans[0], blocks: spans.slice(1, -1), end: spans[places - 1] };
}

/** Width of a part when it is open. @param {import("./parts.js").OpenPart} part @param {number} n_layer @param {number} width of all */
export const openWidthOf = (part, n_layer, width) =>
  part.layer === null ? wideOf(n_layer, width) : blockWidthOf(n_layer, width);

/** @param {number} n_layer @param {number} width */
const blockWidthOf = (n_layer, width) => (n_layer === 1 ? width : wideOf(n_layer, width));

/** @param {number} n_layer @param {number} width of all */
function wideOf(n_layer, width) {
  if (n_layer === 1) return width * WIDE_SHARE;
  return Math.min(WIDE_MOST, width * (width < SMALL_PX ? WIDE_SHARE_SMALL : WIDE_SHARE));
}

/** Where a part lies. @param {Spans} spans @param {import("./parts.js").OpenPart} part */
export const spanOf = (spans, { kind, layer }) =>
  layer === null ? (kind === "embedding" ? spans.start : spans.end) : spans.blocks[layer];

/**
 * Where in a block things happen, in px: what attention brings leaves its source at `from`, has landed at `attention`; what
 * the MLP adds has landed at `mlp`. What is open takes the room between; the rest of the block goes to its side.
 * @param {Span} span
 */
export function placesIn({ x, width, by_part }) {
  const { attention = 0, mlp = 0, norm_1 = 0, norm_2 = 0 } = by_part;
  const late = attention ** 3;
  // Before what is open, or behind it.
  const early = Math.min(1, mlp + norm_2);
  const behind = norm_1;
  const put = (/** @type {number} */ closed, /** @type {number} */ before, /** @type {number} */ after) =>
    mix(mix(closed, before, early), after, behind);
  return {
    from: put(mix(x - width * 0.08, x + width * 0.62, late), x - 26, x + width - 74),
    attention: put(mix(x + width * 0.56, x + Math.min(450, width * 0.85), late), x + 4, x + width - 34),
    mlp: put(mix(x + width * 0.95, x + width - 12, attention), x + width - 10, x + width - 8),
    end: x + width,
  };
}

/** @param {number} a @param {number} b @param {number} share */
export const mix = (a, b, share) => a + (b - a) * share;
