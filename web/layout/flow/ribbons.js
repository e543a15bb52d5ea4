/**
 * Ribbons of the flow: bands whose thickness is a number.
 *
 * @typedef {{x: number, y: number, thickness: number}} End `y` is the middle of the ribbon's end, in px
 * @typedef {{key: number, weight: number, path: string}} AttentionRibbon
 */

import { isInSight, rowMiddle } from "./rows.js";

// A ribbon thinner than this could not be seen; it is drawn as a hair of this thickness, fainter.
export const HAIR_PX = 0.4;

/**
 * A band from one place to another, as the data of an SVG path. All ribbons have the same commands, so that one can turn
 * into another.
 * @param {End} from @param {End} to
 */
export function ribbonPath(from, to) {
  const bend = from.x + (to.x - from.x) / 2;
  const [top_0, bottom_0] = [from.y - from.thickness / 2, from.y + from.thickness / 2];
  const [top_1, bottom_1] = [to.y - to.thickness / 2, to.y + to.thickness / 2];
  return [
    `M${px(from.x)},${px(top_0)}`,
    `C${px(bend)},${px(top_0)} ${px(bend)},${px(top_1)} ${px(to.x)},${px(top_1)}`,
    `L${px(to.x)},${px(bottom_1)}`,
    `C${px(bend)},${px(bottom_1)} ${px(bend)},${px(bottom_0)} ${px(from.x)},${px(bottom_0)}`,
    "Z",
  ].join("");
}

/**
 * Where the head's output stands: as tall as all the weight together, in the row of the query where there is room.
 * @param {import("./rows.js").RowLayout} rows @param {number} query
 * @returns {{y: number, height: number}} upper edge and height in px
 */
export function outputBox(rows, query) {
  const height = Math.min(rows.height, Math.max(34, Math.min(84, rows.pitch * 2.2)));
  const y = rowMiddle(rows, query) - height / 2;
  return { y: Math.max(rows.top, Math.min(rows.top + rows.height - height, y)), height };
}

/**
 * What a query takes from the value of each token: thickness = attention weight x height of the box. Together they fill
 * the box, since the weights sum to 1. Tokens above what is in sight come from the upper edge.
 * @param {ArrayLike<number>} weights [key] of the query's row
 * @param {number} query
 * @param {import("./rows.js").RowLayout} rows
 * @param {{from_x: number, to_x: number}} span
 * @returns {AttentionRibbon[]} one for each key up to the query that is in sight, and one for all above it (key -1)
 */
export function attentionRibbons(weights, query, rows, { from_x, to_x }) {
  const box = outputBox(rows, query);
  /** @type {AttentionRibbon[]} */
  const ribbons = [];
  let filled = 0;
  const add = (/** @type {number} */ key, /** @type {number} */ weight, /** @type {number} */ from_y) => {
    const thickness = weight * box.height;
    const from = { x: from_x, y: from_y, thickness };
    const to = { x: to_x, y: box.y + filled + thickness / 2, thickness };
    ribbons.push({ key, weight, path: ribbonPath(from, to) });
    filled += thickness;
  };
  let above = 0;
  for (let key = 0; key < Math.min(rows.first, query + 1); key++) above += weights[key];
  if (rows.first > 0) add(-1, above, rows.top);
  for (let key = rows.first; key <= query; key++) {
    if (isInSight(rows, key)) add(key, weights[key], rowMiddle(rows, key));
  }
  return ribbons;
}

/**
 * How many px stand for a vector as long as the residual stream: as many as fit, so that the largest addition in sight
 * still fits its row.
 * @param {number[]} shares lengths of what is added, relative to the stream @param {number} pitch of the rows
 */
export function additionUnit(shares, pitch) {
  const largest = Math.max(...shares.filter(Number.isFinite), 1);
  return (pitch * 0.9) / largest;
}

/**
 * From the last block to the likeliest tokens: thickness = probability x height.
 * @param {number[]} probabilities best first @param {End} from `thickness` stands for probability 1
 * @param {{x: number, ys: number[]}} to
 * @returns {string[]}
 */
export function predictionRibbons(probabilities, from, to) {
  let filled = -from.thickness / 2;
  return probabilities.map((probability, index) => {
    const thickness = probability * from.thickness;
    const start = { x: from.x, y: from.y + filled + thickness / 2, thickness };
    filled += thickness;
    return ribbonPath(start, { x: to.x, y: to.ys[index], thickness });
  });
}

/** Tenths of a pixel are fine enough, and short. @param {number} value */
const px = (value) => Math.round(value * 10) / 10;
