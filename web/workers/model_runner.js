/**
 * Forward passes of one model, with its key/value cache.
 *
 * @typedef {{token_ids: BigInt64Array, past_length: number, unembed_rows: BigInt64Array, head_scale: Float32Array,
 *   tensor_names: string[], keeps_cache?: boolean, edits?: import("./edits.js").Edits}} RunRequest
 *   keeps_cache: a look back; the cache shall be afterwards what it was before
 */
import { editFeeds } from "./edits.js";

/**
 * @param {typeof import("onnxruntime-web")} ort
 * @param {import("onnxruntime-web").InferenceSession} session
 * @param {any} manifest
 */
export function createRunner(ort, session, manifest) {
  const { n_layer, n_head, n_kv_head, d_head } = manifest.config;
  const { inputs, outputs } = manifest;
  const layers = Array.from({ length: n_layer }, (_, layer) => layer);
  const fedEdits = editFeeds(ort, manifest);
  const kinds = /** @type {const} */ (["key", "value"]);

  /** Keys and values of the last run, by output name. @type {Map<string, Float32Array>} */
  let cache = new Map();
  let cached_length = 0;

  /** @param {string} template @param {number} layer */
  const named = (template, layer) => template.replace("{layer}", String(layer));

  /** Output names of a tensor: of all layers, or of one (`value.3`). @param {string} name */
  function outputNames(name) {
    const [tensor, layer] = name.split(".");
    const template = outputs[tensor];
    if (layer !== undefined) return [named(template, Number(layer))];
    return template.includes("{layer}") ? layers.map((index) => named(template, index)) : [template];
  }

  /** The first rows of each head's cache. @param {Float32Array} rows @param {number} length */
  function leading(rows, length) {
    if (length === cached_length) return rows;
    const result = new Float32Array(n_kv_head * length * d_head);
    for (let head = 0; head < n_kv_head; head++) {
      const start = head * cached_length * d_head;
      result.set(rows.subarray(start, start + length * d_head), head * length * d_head);
    }
    return result;
  }

  /** @param {RunRequest} request */
  function feeds({ token_ids, past_length, unembed_rows, head_scale, edits }) {
    /** @type {Record<string, import("onnxruntime-web").Tensor>} */
    const fed = {
      [inputs.token_ids]: new ort.Tensor("int64", token_ids, [token_ids.length]),
      [inputs.unembed_rows]: new ort.Tensor("int64", unembed_rows, [unembed_rows.length]),
      [inputs.head_scale]: new ort.Tensor("float32", head_scale, [n_layer, n_head]),
      ...fedEdits(edits),
    };
    for (const kind of kinds) {
      for (const layer of layers) {
        const rows = cache.get(named(outputs[`present_${kind}`], layer)) ?? new Float32Array();
        const shape = [n_kv_head, past_length, d_head];
        fed[named(inputs[`past_${kind}`], layer)] = new ort.Tensor("float32", leading(rows, past_length), shape);
      }
    }
    return fed;
  }

  return {
    /**
     * Logits, then each tensor asked for, end to end in one array.
     * @param {RunRequest} request
     */
    async run(request) {
      const updated = request.keeps_cache ? [] : kinds;
      const present = updated.flatMap((kind) => layers.map((layer) => named(outputs[`present_${kind}`], layer)));
      const asked = [outputs.logits, ...request.tensor_names.flatMap(outputNames)];
      const fed = feeds(request);
      const answer = await session.run(fed, [...new Set([...asked, ...present])]);
      if (!request.keeps_cache) {
        cache = new Map(present.map((name) => [name, /** @type {Float32Array} */ (answer[name].data)]));
        cached_length = request.past_length + request.token_ids.length;
      }
      const parts = asked.map((name) => /** @type {Float32Array} */ (answer[name].data));
      const packed = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
      let start = 0;
      for (const part of parts) {
        packed.set(part, start);
        start += part.length;
      }
      return packed;
    },
  };
}
