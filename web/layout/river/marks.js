/**
 * What is drawn of one row: a ribbon for each source in each block, and one for each MLP. Thickness is the share of the
 * stream it joins; strength says how much it speaks for the answer.
 *
 * @typedef {import("./types.js").RiverData} RiverData
 * @typedef {import("./rows.js").Row} Row
 * @typedef {import("./spans.js").Span} Span
 * @typedef {{layer: number, row: number, source: number | null, share: number, push: number, strength: number, path: string,
 *   is_loop: boolean, width: number, stain: {x: number, y: number, width: number, height: number}}} Mark
 *   `row`: index of the row it comes from; `source`: its token, null for a band or the MLP. A negative share takes away: it is
 *   drawn as an outline beside the river. `width`: of the stroke, 0 where the path is an area.
 */
import { bandPath, curvePath, loopPath, px } from "./ribbons.js";
import { byRow } from "./rows.js";
import { ofAllHeads } from "./sources.js";
import { mix, placesIn } from "./spans.js";

// Thinner than this nothing can be seen. The share stands in the table all the same.
const LEAST_PX = 0.3;
const STAIN_MOST = 64;
const STAIN_SHARE = 0.45;
// A push of this share of the largest has full colour.
const FULL_FROM = 0.625;
const PALE = 0.3;
const FULL = 0.95;

/** Opacity of what adds `push` to the answer's lead. @param {number} push @param {number} largest */
export const strengthOf = (push, largest) =>
  mix(PALE, FULL, Math.max(0, Math.min(1, push / Math.max(1e-9, largest * FULL_FROM))));

/**
 * @param {RiverData} river @param {Row[]} rows @param {Span[]} spans
 * @param {number} chosen index of the row it is drawn into @param {number} largest push
 * @param {{skips_layer?: number | null}} [options] a block whose attention is drawn otherwise: it is open
 * @returns {Mark[]}
 */
export function attentionMarks(river, rows, spans, chosen, largest, { skips_layer = null } = {}) {
  return spans.flatMap((span, layer) => {
    if (layer === skips_layer) return [];
    const shares = byRow(rows, ofAllHeads(river, layer, "share"));
    const pushes = byRow(rows, ofAllHeads(river, layer, "push"));
    return landings(shares, rows[chosen]).map(({ index, top, thickness }) =>
      attentionMark({
        layer,
        span,
        rows,
        index,
        chosen,
        top,
        thickness,
        share: shares[index],
        push: pushes[index],
        largest,
      }),
    );
  });
}

/**
 * Where each source's share lies in the river: those that add from the upper edge down, as much as they are; those that take away
 * above the edge. What adds more than the river is thick (others take it off again) begins above the edge.
 * @param {number[]} shares [row] @param {{y: number, thickness: number}} river
 * @returns {{index: number, top: number, thickness: number}[]} those thick enough to be seen, top to bottom
 */
export function landings(shares, { y, thickness: whole }) {
  const added = shares.reduce((sum, share) => sum + Math.max(0, share), 0) * whole;
  const edge = Math.min(y - whole / 2, y + whole / 2 - added);
  let next = edge;
  let above = edge;
  const places = shares.map((share, index) => {
    const thickness = Math.abs(share) * whole;
    if (share < 0) {
      above -= thickness;
      return { index, top: above, thickness };
    }
    next += thickness;
    return { index, top: next - thickness, thickness };
  });
  return places.filter(({ thickness }) => thickness >= LEAST_PX);
}

/**
 * @param {{layer: number, span: Span, rows: Row[], index: number, chosen: number, top: number, thickness: number, share: number,
 *   push: number, largest: number}} given
 * @returns {Mark}
 */
function attentionMark({ layer, span, rows, index, chosen, top, thickness, share, push, largest }) {
  const { from, attention } = placesIn(span);
  const [source, river] = [rows[index], rows[chosen]];
  const edge = river.y - river.thickness / 2;
  const is_loop = index === chosen;
  const stain = {
    x: px(attention - 0.3),
    y: px(top),
    width: px(Math.max(10, Math.min(span.width * STAIN_SHARE, STAIN_MOST))),
    height: px(thickness),
  };
  const common = {
    layer,
    row: index,
    source: source.first === source.last ? source.first : null,
    share,
    push,
    strength: strengthOf(push, largest),
    stain,
    is_loop,
  };
  if (is_loop) {
    const rise = Math.min(river.height * 0.3, 5 + thickness * 0.62);
    const path = loopPath({ from_x: from + 6, to_x: attention, edge, top, thickness, rise, side: -1 });
    return { ...common, path, width: 0 };
  }
  const to = { x: attention, y: top + thickness / 2 };
  // An outline needs both edges.
  if (share < 0)
    return { ...common, path: bandPath({ x: from, y: source.y, thickness }, { ...to, thickness }), width: 0 };
  return { ...common, path: curvePath({ x: from, y: source.y }, to), width: px(thickness) };
}

/**
 * @param {RiverData} river @param {Row[]} rows @param {Span[]} spans @param {number} chosen @param {number} largest push
 * @param {{skips_layer?: number | null}} [options] a block whose MLP is drawn otherwise: it is open
 * @returns {Mark[]} one a block, where it is thick enough to be seen
 */
export function mlpMarks(river, rows, spans, chosen, largest, { skips_layer = null } = {}) {
  const row = rows[chosen];
  const edge = row.y + row.thickness / 2;
  return spans.flatMap((span, layer) => {
    const share = river.mlp_share[layer];
    const thickness = Math.abs(share) * row.thickness;
    if (thickness < LEAST_PX || layer === skips_layer) return [];
    const { attention, mlp } = placesIn(span);
    const from_x = Math.min(
      mlp - Math.min(20, span.width * 0.3),
      attention + mix(-span.width * 0.04, 34, span.by_part.attention ?? 0),
    );
    // What takes away lies below the edge; so does what is more than the river is thick.
    const top = share < 0 ? edge : Math.max(row.y - row.thickness / 2, edge - thickness);
    const rise = Math.min(row.height * 0.26, mix(4, 12, span.by_part.attention ?? 0) + thickness * 0.8);
    return [
      {
        layer,
        row: chosen,
        source: null,
        share,
        push: river.mlp_push[layer],
        strength: strengthOf(river.mlp_push[layer], largest),
        path: loopPath({ from_x, to_x: mlp, edge, top, thickness, rise, side: 1 }),
        is_loop: true,
        width: 0,
        stain: { x: px(mlp - 0.3), y: px(top), width: px(Math.min(60, span.width * 0.34)), height: px(thickness) },
      },
    ];
  });
}
