/**
 * Cutting pieces out of tensors, without copying.
 * @typedef {import("../../state/types.js").Tensor} Tensor
 */

/** @param {number[]} shape */
const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);

/** One entry along the first axis. @param {Tensor} tensor @param {number} index @returns {Tensor} */
export function sliceLayer({ data, shape, axes }, index) {
  const size = sizeOf(shape.slice(1));
  return { data: data.subarray(index * size, (index + 1) * size), shape: shape.slice(1), axes: axes.slice(1) };
}

/**
 * The last axis at one place of the others.
 * @param {Tensor} tensor @param {number[]} place one index for each axis but the last
 * @returns {Float32Array}
 */
export function vectorAt({ data, shape }, place) {
  const length = shape[shape.length - 1];
  const row = place.reduce((at, index, axis) => at * shape[axis] + index, 0);
  return data.subarray(row * length, (row + 1) * length);
}

/** Mean over the first axis, here the heads. @param {Tensor} tensor @returns {Tensor} */
export function meanOverFirst({ data, shape, axes }) {
  const rest = shape.slice(1);
  const mean = new Float32Array(sizeOf(rest));
  for (let index = 0; index < data.length; index++) mean[index % mean.length] += data[index] / shape[0];
  return { data: mean, shape: rest, axes: axes.slice(1) };
}

/**
 * What all heads have at one position, side by side as W_O reads them.
 * @param {Tensor} tensor axes (head, position, d_head) @param {number} position
 * @returns {Float32Array} [head * d_head]
 */
export function joinedAt(tensor, position) {
  const [n_head, , d_head] = tensor.shape;
  const joined = new Float32Array(n_head * d_head);
  for (let head = 0; head < n_head; head++) joined.set(vectorAt(tensor, [head, position]), head * d_head);
  return joined;
}
