/**
 * Geometry of the sampling's figures: the whole vocabulary as a curve, and the line on which a number falls.
 *
 * @typedef {{x: (count: number) => number, y: (mass: number) => number, ticks: {x: number, count: number}[],
 *   levels: {y: number, mass: number}[], left: number, right: number, top: number, bottom: number}} CurveFrame
 * @typedef {import("../state/types.js").Stage} Stage
 * @typedef {import("../state/types.js").StageName} StageName
 */

const MARGIN = { left: 46, right: 16, top: 10, bottom: 30 };
// Two numbers on the axis need so much room.
const TICK_PX = 46;

/** Counts of tokens on a log axis, their mass upwards. @param {number} vocab_size @param {{width: number, height: number}} room px @returns {CurveFrame} */
export function curveFrame(vocab_size, { width, height }) {
  const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
  const decades = Math.log10(Math.max(2, vocab_size));
  const x = (/** @type {number} */ count) => MARGIN.left + (Math.log10(count) / decades) * (right - MARGIN.left);
  const y = (/** @type {number} */ mass) => bottom - mass * (bottom - MARGIN.top);
  const counts = Array.from({ length: Math.floor(decades) + 1 }, (_, power) => 10 ** power);
  const apart = counts.filter((count) => x(vocab_size) - x(count) > TICK_PX);
  return {
    x,
    y,
    ticks: [...apart, vocab_size].map((count) => ({ count, x: x(count) })),
    levels: [0, 0.5, 1].map((mass) => ({ mass, y: y(mass) })),
    left: MARGIN.left,
    right,
    top: MARGIN.top,
    bottom,
  };
}

/** @param {CurveFrame} frame @param {ArrayLike<number>} counts rising @param {ArrayLike<number>} masses */
export const massPath = ({ x, y }, counts, masses) =>
  `M${Array.from(counts, (count, at) => `${x(count).toFixed(1)},${y(masses[at]).toFixed(1)}`).join("L")}`;

/** The last point at or before a place on the axis. @param {CurveFrame} frame @param {ArrayLike<number>} counts @param {number} place px */
export function pointAt({ x }, counts, place) {
  let at = 0;
  while (at + 1 < counts.length && x(counts[at + 1]) <= place) at++;
  return at;
}

/**
 * Where every cut that is on ends, in the order in which they are made. `mass`: what was kept of the distribution before
 * any cut.
 * @param {Stage[]} stages @param {import("../state/types.js").Options} options
 */
export function cutLines(stages, options) {
  let mass = 1;
  const lines = [];
  for (const stage of stages) {
    if (stage.name === "temperature" || options[stage.name] === null) continue;
    // Top-p asks for its share of what the cut before left.
    const level = stage.name === "top_p" ? mass * Number(options.top_p) : null;
    mass *= stage.kept_mass;
    lines.push({ name: stage.name, setting: Number(options[stage.name]), count: stage.kept_count, mass, level });
  }
  return lines;
}

/**
 * Which step dropped the token of a rank; null for one that is kept. At temperature 0 it is the temperature.
 * @param {Stage[]} stages @param {number} rank from 0, likeliest first @returns {StageName | null}
 */
export const droppedBy = (stages, rank) => stages.find(({ kept_count }) => rank >= kept_count)?.name ?? null;

/**
 * The line from 0 to 1 on which the tokens lie, best first, each as long as its probability; the last part is what all
 * others have.
 * @param {ArrayLike<number>} shares of the likeliest @returns {{start: number, end: number, rank: number | null}[]}
 */
export function lineParts(shares) {
  const parts = [];
  let start = 0;
  for (let rank = 0; rank < shares.length && shares[rank] > 0; rank++) {
    const end = Math.min(1, start + shares[rank]);
    parts.push({ start, end, rank });
    start = end;
  }
  // Sums of rounded numbers miss 1 by a little.
  if (1 - start > 1e-5) parts.push({ start, end: 1, rank: null });
  return parts;
}
