/** Geometry of the column of all blocks. */

const GAP_SHARE = 0.16;
const HEIGHT_MAX = 58;

/**
 * Blocks one below the other, all alike, filling the height.
 * @param {number} n_layer @param {{top: number, height: number}} room in px
 * @returns {{ys: number[], height: number}} upper edge of each, and the height of one
 */
export function blockPlaces(n_layer, { top, height }) {
  const pitch = Math.min(HEIGHT_MAX / (1 - GAP_SHARE), height / n_layer);
  return { ys: Array.from({ length: n_layer }, (_, layer) => top + layer * pitch), height: pitch * (1 - GAP_SHARE) };
}

/**
 * How many candidates have room, and where.
 * @param {number} n_candidates @param {{top: number, height: number}} room in px
 * @returns {{ys: number[], pitch: number}} middle of each
 */
export function candidatePlaces(n_candidates, { top, height }) {
  const pitch = 28;
  const count = Math.max(1, Math.min(n_candidates, Math.floor(height / pitch)));
  return { ys: Array.from({ length: count }, (_, rank) => top + (rank + 0.5) * pitch), pitch };
}
