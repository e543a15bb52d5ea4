/** Arrays of a runner on the processor: they lie in JavaScript's memory. */

/**
 * What a runner does with arrays, wherever they lie. Cached arrays are [head, row, d_head].
 * @typedef {import("onnxruntime-web").Tensor} Tensor
 * @typedef {object} Arrays
 * @property {(cached: Tensor | undefined, length: number) => Tensor} leading the first rows of each head, none where nothing is cached
 * @property {(tensors: Tensor[]) => Promise<Float32Array[]>} read their content
 * @property {(tensors: Iterable<Tensor>) => void} release give up tensors that the session made
 */

/**
 * @param {typeof import("onnxruntime-web")} ort @param {number} n_head @param {number} d_head
 * @returns {Arrays}
 */
export function processorArrays(ort, n_head, d_head) {
  return {
    leading(cached, length) {
      const rows = /** @type {Float32Array} */ (cached?.data ?? new Float32Array());
      return new ort.Tensor("float32", firstRows(rows, length), [n_head, length, d_head]);
    },
    read: async (tensors) => tensors.map(({ data }) => /** @type {Float32Array} */ (data)),
    release() {},
  };

  /** @param {Float32Array} rows @param {number} length */
  function firstRows(rows, length) {
    const cached_length = rows.length / n_head / d_head;
    if (length === cached_length) return rows;
    const result = new Float32Array(n_head * length * d_head);
    for (let head = 0; head < n_head; head++) {
      const start = head * cached_length * d_head;
      result.set(rows.subarray(start, start + length * d_head), head * length * d_head);
    }
    return result;
  }
}
