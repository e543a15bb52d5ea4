/**
 * The record of the starter's training: what it was like on its way from random weights. The files' form is in docs/seams.md.
 *
 * @typedef {import("./state/types.js").Tensor} Tensor
 * @typedef {{tokens: number, train: Record<string, number>, held_out: Record<string, number>, previous_token: number[][],
 *   induction: number[][], abilities: Record<string, number>}} Point the recorded run after it had read `tokens`
 * @typedef {{tokens: number, is_shipped: boolean}} Snapshot
 * @typedef {{model: {n_layer: number, n_head: number}, points: Point[], snapshots: Snapshot[],
 *   texts: {file: string, bytes: number, text: string}[]}} TrainingIndex
 * @typedef {{text: string, token_ids: number[], labels: Record<string, string>, tensors: Map<string, {data: ArrayLike<number>, shape: number[]}>}} TrainingRecord
 */

const ARRAYS = { float32: Float32Array, uint16: Uint16Array, uint8: Uint8Array };

/** @param {string} base_url folder of the page @returns {Promise<TrainingIndex>} */
export async function fetchTraining(base_url) {
  return (await fetched(base_url, "index.json")).json();
}

/** @param {string} base_url @param {string} file @returns {Promise<TrainingRecord>} */
export async function fetchTrainingRecord(base_url, file) {
  return readTrainingRecord(await (await fetched(base_url, file)).arrayBuffer());
}

/** @param {string} base_url @param {string} file */
async function fetched(base_url, file) {
  const response = await fetch(new URL(`training/${file}`, base_url)).catch(() => null);
  if (!response?.ok) throw { code: "network", message: `training/${file} cannot be fetched.` };
  return response;
}

/** @param {ArrayBuffer} buffer @returns {TrainingRecord} */
export function readTrainingRecord(buffer) {
  const header_bytes = new DataView(buffer).getUint32(0, true);
  const { text, token_ids, labels, tensors } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(buffer, 4, header_bytes)),
  );
  const data_start = Math.ceil((4 + header_bytes) / 4) * 4;
  const arrays = new Map();
  for (const { name, shape, offset, dtype } of tensors) {
    const length = shape.reduce((/** @type {number} */ product, /** @type {number} */ size) => product * size, 1);
    const kind = ARRAYS[/** @type {keyof typeof ARRAYS} */ (dtype)];
    arrays.set(name, { data: new kind(buffer, data_start + offset, length), shape });
  }
  return { text, token_ids, labels, tensors: arrays };
}
