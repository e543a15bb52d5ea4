/**
 * Inputs of the graph that change what it computes: scores and weights of attention, scales of MLPs, rows of the stream.
 * Each leaves a run as it is, to the last bit, until something is put in (docs/seams.md).
 *
 * @typedef {import("onnxruntime-web").Tensor} Tensor
 * @typedef {{names: string[], shapes: number[][], arrays: (Float32Array | Uint8Array)[]}} Edits
 *   by the manifest's names, a block's with its number: `score_term.3`
 */

/**
 * @param {typeof import("onnxruntime-web")} ort
 * @param {any} manifest of a model that may be older than these inputs
 * @returns {(edits?: Edits) => Record<string, Tensor>} what is fed, by the graph's names
 */
export function editFeeds(ort, manifest) {
  const { n_layer } = manifest.config;
  /** @param {Float32Array} data @param {number[]} shape */
  const floats = (data, shape) => new ort.Tensor("float32", data, shape);
  /** @param {Uint8Array} data @param {number[]} shape */
  const truths = (data, shape) => new ort.Tensor("bool", data, shape);
  const neutral = {
    mlp_scale: floats(new Float32Array(n_layer).fill(1), [n_layer]),
    // With -0 added a number stays what it was, were it 0 or -0.
    score_term: floats(Float32Array.of(-0), [1, 1, 1]),
    pattern_scale: floats(Float32Array.of(1), [1, 1, 1]),
    is_patched: truths(Uint8Array.of(0), [1, 1]),
    patch: floats(Float32Array.of(0), [1, 1]),
  };
  /** The graph's name by the manifest's. @type {Map<string, string>} */
  const names = new Map();
  /** @type {Record<string, Tensor>} */
  const untouched = {};
  for (const [name, tensor] of Object.entries(neutral)) {
    const template = manifest.inputs[name];
    if (!template) continue;
    for (let layer = 0; layer < n_layer; layer++) {
      const input = template.replace("{layer}", String(layer));
      names.set(input === template ? name : `${name}.${layer}`, input);
      untouched[input] = tensor;
    }
  }
  return (edits) => {
    const fed = { ...untouched };
    for (const [index, name] of (edits?.names ?? []).entries()) {
      const array = /** @type {Edits} */ (edits).arrays[index];
      const shape = /** @type {Edits} */ (edits).shapes[index];
      fed[/** @type {string} */ (names.get(name))] =
        array instanceof Uint8Array ? truths(array, shape) : floats(array, shape);
    }
    return fed;
  };
}
