/**
 * Cutting pieces out of tensors, without copying.
 * @typedef {import("../state/types.js").Tensor} Tensor
 */

/** @param {number[]} shape */
const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);

/** One entry along the first axis. @param {Tensor} tensor @param {number} index @returns {Tensor} */
export function sliceLayer({ data, shape, axes }, index) {
  const size = sizeOf(shape.slice(1));
  return { data: data.subarray(index * size, (index + 1) * size), shape: shape.slice(1), axes: axes.slice(1) };
}
