/**
 * Forward passes of one model, with its key/value cache.
 *
 * @typedef {{token_ids: BigInt64Array, past_length: number, unembed_rows: BigInt64Array, head_scale: Float32Array,
 *   tensor_names: string[], keeps_cache?: boolean, edits?: import("./edits.js").Edits}} RunRequest
 *   keeps_cache: a look back; the cache shall be afterwards what it was before
 * @typedef {import("onnxruntime-web").Tensor} Tensor
 */
import { editFeeds } from "./edits.js";
import { failure } from "./errors.js";

/**
 * @param {typeof import("onnxruntime-web")} ort
 * @param {import("onnxruntime-web").InferenceSession} session
 * @param {any} manifest
 * @param {import("./processor_arrays.js").Arrays} arrays where keys and values lie
 */
export function createRunner(ort, session, manifest, arrays) {
  const { n_layer, n_head } = manifest.config;
  const { inputs, outputs } = manifest;
  const layers = Array.from({ length: n_layer }, (_, layer) => layer);
  const fedEdits = editFeeds(ort, manifest);
  const kinds = /** @type {const} */ (["key", "value"]);

  /** Keys and values of the last run, by output name. @type {Map<string, Tensor>} */
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

  /** The cache as inputs, by output name. @param {number} length @returns {Map<string, Tensor>} */
  function past(length) {
    const names = kinds.flatMap((kind) => layers.map((layer) => named(outputs[`present_${kind}`], layer)));
    return new Map(names.map((name) => [name, arrays.leading(cache.get(name), length)]));
  }

  /** @param {RunRequest} request @param {Map<string, Tensor>} rows */
  function feeds({ token_ids, unembed_rows, head_scale, edits }, rows) {
    /** @type {Record<string, Tensor>} */
    const fed = {
      [inputs.token_ids]: new ort.Tensor("int64", token_ids, [token_ids.length]),
      [inputs.unembed_rows]: new ort.Tensor("int64", unembed_rows, [unembed_rows.length]),
      [inputs.head_scale]: new ort.Tensor("float32", head_scale, [n_layer, n_head]),
      ...fedEdits(edits),
    };
    for (const kind of kinds) {
      for (const layer of layers) {
        const cached = /** @type {Tensor} */ (rows.get(named(outputs[`present_${kind}`], layer)));
        fed[named(inputs[`past_${kind}`], layer)] = cached;
      }
    }
    return fed;
  }

  /**
   * Logits, then each tensor asked for, layer by layer. Rejects with `cache_lost` where the cache holds fewer rows than
   * are asked for: the model has moved here in the middle of a text.
   * @param {RunRequest} request @returns {Promise<Float32Array[]>}
   */
  async function runParts(request) {
    const { past_length, token_ids, tensor_names, keeps_cache } = request;
    if (past_length > cached_length) throw failure("cache_lost", "The keys and values of this text are not here.");
    const rows = past(past_length);
    const present = keeps_cache ? [] : [...rows.keys()];
    const asked = [outputs.logits, ...tensor_names.flatMap(outputNames)];
    const answer = await session.run(feeds(request, rows), [...new Set([...asked, ...present])]);
    const parts = await arrays.read(asked.map((name) => answer[name]));
    arrays.release(new Set(asked.map((name) => answer[name])));
    const kept = new Set(cache.values());
    arrays.release([...rows.values()].filter((tensor) => !kept.has(tensor)));
    if (!keeps_cache) {
      arrays.release(kept);
      cache = new Map(present.map((name) => [name, answer[name]]));
      cached_length = past_length + token_ids.length;
    }
    return parts;
  }

  return {
    runParts,

    /** Give the cache up. */
    forget() {
      arrays.release(cache.values());
      cache = new Map();
      cached_length = 0;
    },

    /** The parts, end to end in one array. @param {RunRequest} request */
    async run(request) {
      const parts = await runParts(request);
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
