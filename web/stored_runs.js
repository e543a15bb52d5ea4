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
 *   answers: number[], guesses: {token_ids: number[][], labels: string[][], probabilities: number[][]},
 *   tensors: Map<string, import("./state/types.js").Tensor>}} StoredRun
 *   `answers` [position]: likeliest next tokens; `guesses` [layer][position]: the same had the model stopped there
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
  const { text, tokens, token_ids, options, stages, answers, guesses } = header;
  const candidates = header.candidates.map((/** @type {Record<string, any>} */ { kept, ...candidate }) => ({
    ...candidate,
    is_kept: kept,
  }));
  return { text, tokens, token_ids, options, candidates, stages, answers, guesses, tensors };
}

/**
 * The river of a position, as Python answers it, and what the model would say after each block.
 * @param {StoredRun} stored @param {number} position
 */
export function storedRiver({ answers, guesses, tensors }, position) {
  /** @param {string} kind @returns {Record<string, any>} */
  const ofKind = (kind) =>
    Object.fromEntries(
      Array.from(tensors)
        .filter(([name]) => name.startsWith(`${kind}.`))
        .map(([name, tensor]) => [name.slice(kind.length + 1), atPosition(tensor, position)]),
    );
  const reply = {
    position,
    answer: answers[position],
    against: null,
    shares: ofKind("shares"),
    pushes: ofKind("pushes"),
  };
  const token_ids = guesses.token_ids.map((row) => row[position]);
  const probabilities = Float32Array.from(guesses.probabilities, (row) => row[position]);
  const labels = new Map(token_ids.map((token_id, layer) => [token_id, guesses.labels[layer][position]]));
  return {
    reply: /** @type {import("./layout/river/data.js").RiverReply} */ (/** @type {unknown} */ (reply)),
    guesses: { token_ids, probabilities },
    labels,
  };
}

/**
 * One position of a tensor with positions in front, its keys only up to the position; a number where nothing else is left.
 * @param {import("./state/types.js").Tensor} tensor @param {number} position
 */
function atPosition({ data, shape, axes }, position) {
  const size = shape.slice(1).reduce((product, length) => product * length, 1);
  const row = data.subarray(position * size, (position + 1) * size);
  if (shape.length === 1) return row[0];
  if (axes.at(-1) !== "key") return { data: row, shape: shape.slice(1), axes: axes.slice(1) };
  const n_keys = position + 1;
  const n_all = shape[shape.length - 1];
  const kept = Float32Array.from(
    { length: (size / n_all) * n_keys },
    (_, index) => row[Math.floor(index / n_keys) * n_all + (index % n_keys)],
  );
  return { data: kept, shape: [...shape.slice(1, -1), n_keys], axes: axes.slice(1) };
}
