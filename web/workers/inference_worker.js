/** One model: fetched, verified, run. The page loads it; the Python worker runs it through a port. */
import * as Comlink from "comlink";
import { hadFailure, takeSite } from "../integrity/whole_fetch.js";
import { browserIo } from "./browser_io.js";
import { release } from "./dequantized_file.js";
import { failure, isMemory, toFailure } from "./errors.js";
import { fetchFiles, readWeights } from "./model_files.js";
import { createRunner } from "./model_runner.js";
import { createSession, loadOnnxRuntime } from "./session.js";

const MOST_THREADS = 4;
// Largest difference between the logits of two backends that still counts as the same answer.
const SAME_ANSWER = 0.05;

/** @type {AbortController | null} */
let loading = null;
/** @type {ReturnType<typeof createRunner> | null} */
let runner = null;
/** @type {((offset: number, size: number) => Promise<Uint8Array>) | null} */
let reader = null;

/**
 * @typedef {{stage: string, loaded_bytes: number, total_bytes: number}} Progress
 */

/**
 * @typedef {object} Fetched a whole model, not yet started
 * @property {any} manifest
 * @property {Uint8Array<ArrayBuffer>} graph
 * @property {Uint8Array<ArrayBuffer>} weights
 */
/** @type {Fetched | null} */
let fetched = null;

/**
 * Fetch the model's files, verified.
 * @param {string} manifest_url
 * @param {(progress: Progress) => void} onProgress
 * @param {(code: string) => void} onNotice
 * @returns {Promise<{manifest: any, tokenizer_json: string}>}
 */
async function fetchModel(manifest_url, onProgress, onNotice) {
  loading = new AbortController();
  const { signal } = loading;
  try {
    const world = await browserIo();
    const manifest = await fetchManifest(manifest_url, signal);
    const graph = new Uint8Array(manifest.graph.bytes);
    const weights = new Uint8Array(manifest.weights.bytes);
    let start = 0;
    const chunks = manifest.chunks.map((/** @type {import("./model_files.js").FileEntry} */ entry) => {
      const target = weights.subarray(start, start + entry.bytes);
      start += entry.bytes;
      return { entry, target };
    });
    const tokenizer = new Uint8Array(manifest.tokenizer.bytes);
    const files = [
      { entry: manifest.tokenizer, target: tokenizer },
      { entry: manifest.graph, target: graph },
      ...chunks,
    ];
    await fetchFiles(files, manifest_url, world, {
      signal,
      onNotice,
      onProgress: (loaded_bytes, total_bytes) => onProgress({ stage: "download", loaded_bytes, total_bytes }),
    });
    fetched = { manifest, graph, weights };
    reader = (offset, size) => readWeights(manifest.chunks, manifest_url, world, offset, size);
    return { manifest, tokenizer_json: new TextDecoder().decode(tokenizer) };
  } catch (error) {
    throw toFailure(error, isMemory(error) ? "out_of_memory" : "internal");
  } finally {
    loading = null;
  }
}

/**
 * Make the fetched model ready to run.
 * @param {{runtime_url: string, backend: "auto" | "wasm" | "webgpu", threads: number | null}} options
 */
async function start({ runtime_url, backend, threads }) {
  if (!fetched) throw failure("no_model", "The model is not fetched.");
  const { manifest, graph, weights } = fetched;
  const most = Math.min(navigator.hardwareConcurrency, MOST_THREADS);
  const n_threads = threads ?? (globalThis.crossOriginIsolated ? most : 1);
  try {
    const made = await startSession(backend, { runtime_url, threads: n_threads }, manifest, graph, weights);
    runner = made.runner;
    return { backend: made.backend, threads: n_threads };
  } catch (error) {
    throw toFailure(error, isMemory(error) ? "out_of_memory" : hadFailure() ? "network" : "internal");
  } finally {
    fetched = null;
    // The session has its own copy.
    release(weights);
  }
}

/** @param {string} url @param {AbortSignal} signal */
async function fetchManifest(url, signal) {
  const response = await fetch(url, { signal }).catch((error) => {
    throw signal.aborted ? error : failure("network", `${url} cannot be fetched. Check the connection and try again.`);
  });
  if (!response.ok)
    throw failure("model_missing", `${url} does not exist (HTTP ${response.status}).`, { reason: "file_missing", url });
  return response.json();
}

/**
 * A session on the graphics card where there is one that agrees with the processor, else on the processor.
 * @param {"auto" | "wasm" | "webgpu"} wanted @param {{runtime_url: string, threads: number}} options
 * @param {any} manifest @param {Uint8Array<ArrayBuffer>} graph @param {Uint8Array<ArrayBuffer>} weights
 */
async function startSession(wanted, options, manifest, graph, weights) {
  /** @param {"wasm" | "webgpu"} backend @param {boolean} is_last no further session is made */
  const make = async (backend, is_last = false) => {
    const ort = await loadOnnxRuntime(backend, options);
    const session = await createSession(ort, backend, manifest, graph, weights, is_last);
    return { session, runner: createRunner(ort, session, manifest) };
  };
  if (wanted === "wasm" || (wanted === "auto" && !(await hasGraphicsCard()))) {
    return { backend: /** @type {const} */ ("wasm"), runner: (await make("wasm", true)).runner };
  }
  try {
    const [card, processor] = [await make("webgpu"), await make("wasm")];
    if (await agree(card.runner, processor.runner, manifest)) {
      await processor.session.release();
      return { backend: /** @type {const} */ ("webgpu"), runner: card.runner };
    }
    await card.session.release();
    return { backend: /** @type {const} */ ("wasm"), runner: processor.runner };
  } catch {
    // A card that cannot run the model is no failure: the processor can.
    return { backend: /** @type {const} */ ("wasm"), runner: (await make("wasm", true)).runner };
  }
}

/** A real adapter, not a program that pretends to be one: that would be slower than the processor. */
async function hasGraphicsCard() {
  try {
    const gpu = /** @type {any} */ (navigator).gpu;
    const adapter = await gpu?.requestAdapter();
    return Boolean(adapter) && !(adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter);
  } catch {
    return false;
  }
}

/**
 * Whether two runners give the same logits for a few tokens.
 * @param {ReturnType<typeof createRunner>} first @param {ReturnType<typeof createRunner>} second @param {any} manifest
 */
async function agree(first, second, manifest) {
  const { n_layer, n_head, vocab_size } = manifest.config;
  const probe = () => ({
    token_ids: BigInt64Array.from([1, 2, 3, 4], (i) => BigInt(Math.min(i * 11, vocab_size - 1))),
    past_length: 0,
    unembed_rows: BigInt64Array.of(BigInt((n_layer + 1) * 4 - 1)),
    head_scale: new Float32Array(n_layer * n_head).fill(1),
    tensor_names: [],
  });
  const [a, b] = [await first.run(probe()), await second.run(probe())];
  return a.every((value, index) => Math.abs(value - b[index]) < SAME_ANSWER);
}

/** What the Python worker reaches through its port. */
const model = {
  /** @param {import("./model_runner.js").RunRequest} request */
  async run(request) {
    if (!runner) throw failure("no_model", "The model is not ready.");
    try {
      const packed = await runner.run(request);
      return Comlink.transfer(packed, [packed.buffer]);
    } catch (error) {
      throw toFailure(error, isMemory(error) ? "out_of_memory" : "internal");
    }
  },

  /** @param {number} offset @param {number} size */
  async read_weights(offset, size) {
    if (!reader) throw failure("no_model", "The model is not ready.");
    const bytes = await reader(offset, size).catch((error) => {
      throw toFailure(error);
    });
    return Comlink.transfer(bytes, [bytes.buffer]);
  },
};

Comlink.expose({
  fetchModel,
  start,
  cancel: () => loading?.abort(),
  /** @param {MessagePort} port */
  connect: (port) => Comlink.expose(model, port),
  ping: () => true,
  takeSite,
});
