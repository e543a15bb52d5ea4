/**
 * A vector as a strip of colour: how its values are shared out over the pixels, and the scale of the colour.
 *
 * @typedef {{means: Float32Array, extremes: Float32Array}} Resampled
 *   Of the values under each pixel: their mean, and the one farthest from 0. Equal where a pixel holds one value.
 */

// Narrower cells flicker; the eye cannot tell them apart anyway.
const CELL_PX = 2.5;
// Outliers would leave everything else pale. The scale ends where this share of the values lies within it.
export const SHARE_WITHIN = 0.96;
// Enough values to find that end; more would only cost time.
const LOOKED_AT = 4096;
const SMALLEST_LIMIT = 1e-6;

/**
 * @param {ArrayLike<number>} values of one vector
 * @param {number} n_pixels
 * @returns {Resampled} arrays [n_pixels]
 */
export function resample(values, n_pixels) {
  const means = new Float32Array(Math.max(0, n_pixels));
  const extremes = new Float32Array(Math.max(0, n_pixels));
  const { length } = values;
  for (let pixel = 0; pixel < n_pixels; pixel++) {
    const start = Math.floor((pixel * length) / n_pixels);
    const stop = Math.max(start + 1, Math.floor(((pixel + 1) * length) / n_pixels));
    let sum = 0;
    let extreme = 0;
    for (let index = start; index < stop; index++) {
      sum += values[index];
      if (Math.abs(values[index]) >= Math.abs(extreme)) extreme = values[index];
    }
    means[pixel] = sum / (stop - start);
    extremes[pixel] = extreme;
  }
  return { means, extremes };
}

/** How many cells a strip is drawn in. @param {number} length of the vector @param {number} width in px */
export function cellCount(length, width) {
  return Math.min(length, Math.max(1, Math.round(width / CELL_PX)));
}

/**
 * Where a scale symmetric about 0 ends: values beyond it have the full colour.
 * @param {ArrayLike<number>} values @param {number} share_within that lies within the scale
 * @returns {number} above 0
 */
export function scaleLimit(values, share_within = SHARE_WITHIN) {
  const step = Math.max(1, Math.floor(values.length / LOOKED_AT));
  // Typed arrays are sorted as numbers, and fast: this is done for every column of the flow at once.
  const looked_at = new Float64Array(Math.ceil(values.length / step));
  let count = 0;
  for (let index = 0; index < values.length; index += step) {
    if (Number.isFinite(values[index])) looked_at[count++] = Math.abs(values[index]);
  }
  const sizes = looked_at.subarray(0, count).sort();
  return Math.max(SMALLEST_LIMIT, sizes[Math.floor((sizes.length - 1) * share_within)] ?? 0);
}

/**
 * The value under a point of a strip.
 * @param {number} x from the strip's left end @param {number} width of the strip, in px
 * @param {number} length number of values @returns {number} an index, always one of the vector
 */
export function indexAt(x, width, length) {
  return Math.max(0, Math.min(length - 1, Math.floor((x / width) * length)));
}

/** Place of a value on a ramp. @param {number} value @param {number} limit @param {number} count of colours */
export function rampIndex(value, limit, count) {
  const share = Math.max(-1, Math.min(1, value / limit));
  return Math.round(((share + 1) / 2) * (count - 1));
}
