/**
 * Real runs made when the site was built; what the page shows before Python and a model have arrived.
 * The files' form is in docs/seams.md.
 *
 * @typedef {{file: string, bytes: number, text: string, layer: number, head: number}} Example
 *   `layer`, `head`: where there is something to see
 * @typedef {{model: string, runs: Example[]}} ExampleIndex
 * @typedef {{text: string, tokens: import("./state/types.js").Token[], token_ids: number[],
 *   options: import("./state/types.js").Options, candidates: import("./state/types.js").Candidate[],
 *   stages: import("./state/types.js").Stage[],
 *   tensors: Map<string, import("./state/types.js").Tensor>}} StoredRun
 */

/**
 * @param {string} base_url folder of the page
 * @returns {Promise<ExampleIndex>}
 */
export async function fetchExamples(base_url) {
  const response = await fetch(new URL("examples/index.json", base_url));
  if (!response.ok) throw new Error(`examples/index.json: HTTP ${response.status}`);
  return response.json();
}

/**
 * @param {string} base_url folder of the page
 * @param {string} file
 * @returns {Promise<StoredRun>}
 */
export async function fetchStoredRun(base_url, file) {
  const response = await fetch(new URL(`examples/${file}`, base_url));
  if (!response.ok) throw new Error(`examples/${file}: HTTP ${response.status}`);
  return readStoredRun(await response.arrayBuffer());
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {StoredRun}
 */
export function readStoredRun(buffer) {
  const header_bytes = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, header_bytes)));
  const data_start = Math.ceil((4 + header_bytes) / 4) * 4;
  const tensors = new Map();
  for (const { name, shape, axes, offset } of header.tensors) {
    const length = shape.reduce((/** @type {number} */ product, /** @type {number} */ size) => product * size, 1);
    tensors.set(name, { data: new Float32Array(buffer, data_start + offset, length), shape, axes });
  }
  const { text, tokens, token_ids, options, stages } = header;
  const candidates = header.candidates.map((/** @type {Record<string, any>} */ { kept, ...candidate }) => ({
    ...candidate,
    is_kept: kept,
  }));
  return { text, tokens, token_ids, options, candidates, stages, tensors };
}

/**
 * One slice of a tensor whose layers and heads are stacked in front; a view, not a copy.
 * @param {import("./state/types.js").Tensor} tensor axes (layer, head, …)
 * @param {number} layer
 * @param {number} head
 * @returns {import("./state/types.js").Tensor}
 */
export function sliceHead({ data, shape, axes }, layer, head) {
  const [, n_head, ...rest] = shape;
  const size = rest.reduce((product, length) => product * length, 1);
  const start = (layer * n_head + head) * size;
  return { data: data.subarray(start, start + size), shape: rest, axes: axes.slice(2) };
}
