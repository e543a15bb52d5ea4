/** Shapes of the river: bands as the data of SVG paths. Tenths of a pixel are fine enough, and short. */
import { mix } from "./spans.js";

const STEPS = 24;

/** @typedef {{x: number, y: number, thickness: number}} End `y` is the middle of the band's end, in px */

/**
 * A band that keeps its thickness however steep it is: offset on both sides of a curve that leaves and arrives level.
 * @param {End} from @param {End} to
 */
export function bandPath(from, to) {
  const bend = (from.x + to.x) / 2;
  const upper = [];
  const lower = [];
  for (let step = 0; step <= STEPS; step++) {
    const t = step / STEPS;
    const s = 1 - t;
    const x = s ** 3 * from.x + 3 * s * t * bend + t ** 3 * to.x;
    const y = (s ** 3 + 3 * s * s * t) * from.y + (3 * s * t * t + t ** 3) * to.y;
    const along_x = s * s * (bend - from.x) + t * t * (to.x - bend);
    const along_y = 2 * s * t * (to.y - from.y);
    const length = Math.hypot(along_x, along_y) || 1;
    const half = mix(from.thickness, to.thickness, t * t * (3 - 2 * t)) / 2;
    upper.push(/** @type {[number, number]} */ ([x + (along_y / length) * half, y - (along_x / length) * half]));
    lower.unshift(/** @type {[number, number]} */ ([x - (along_y / length) * half, y + (along_x / length) * half]));
  }
  return `M${[...upper, ...lower].map(([x, y]) => `${px(x)},${px(y)}`).join("L")}Z`;
}

/**
 * The middle of such a band: cheap to draw as a stroke. @param {{x: number, y: number}} from @param {{x: number, y: number}} to
 */
export function curvePath(from, to) {
  const bend = px((from.x + to.x) / 2);
  return `M${px(from.x)},${px(from.y)}C${bend},${px(from.y)} ${bend},${px(to.y)} ${px(to.x)},${px(to.y)}`;
}

/**
 * A band that rises from the river's own edge and comes back into it: what a token reads from itself, from above
 * (`side` −1), and what the MLP adds, from below (`side` 1).
 * @param {{from_x: number, to_x: number, edge: number, top: number, thickness: number, rise: number, side: 1 | -1}} given
 *   `edge`: the river's edge it leaves; it lands on `top` to `top + thickness`
 */
export function loopPath({ from_x, to_x, edge, top, thickness, rise, side }) {
  const at = (/** @type {number} */ share) => px(mix(from_x, to_x, share));
  const [outer, inner] = side < 0 ? [top, top + thickness] : [top + thickness, top];
  const bulge = px(edge + side * rise * 1.25);
  return [
    `M${px(from_x)},${px(edge)}`,
    `C${at(0.35)},${bulge} ${at(0.68)},${px(edge + side * rise)} ${px(to_x)},${px(outer)}`,
    `L${px(to_x)},${px(inner)}`,
    `C${at(0.8)},${px(inner)} ${at(0.5)},${px(edge - side * thickness * 0.3)} ${px(from_x)},${px(edge)}`,
    "Z",
  ].join("");
}

/** @param {number} value */
export const px = (value) => Math.round(value * 10) / 10;
