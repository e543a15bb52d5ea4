/** One model: fetched, verified, run. The page loads it; the Python worker runs it through a port. */
import * as Comlink from "comlink";
import { hadFailure, takeSite } from "../integrity/whole_fetch.js";
import { browserIo } from "./browser_io.js";
import { release } from "./dequantized_file.js";
import { failure, isMemory, toFailure } from "./errors.js";
import { fetchFiles, readWeights } from "./model_files.js";
import { isSameAnswer, rehearse } from "./rehearsal.js";
import { startSession } from "./session.js";
import { Waiting } from "./waiting.js";

const MOST_THREADS = 4;

/**
 * @typedef {object} Started
 * @property {any} manifest
 * @property {"wasm" | "webgpu"} backend
 * @property {() => ReturnType<typeof import("./model_runner.js").createRunner>} newRunner
 * @property {ReturnType<typeof import("./model_runner.js").createRunner>} runner
 * @property {Waiting} answers
 * @property {(message: string) => void} onLost
 */

/** @type {AbortController | null} */
let loading = null;
/** The model, once it is ready. @type {Started | null} */
let started = null;
/** Which tensors the last run was asked for. @type {string[] | null} */
let asked_tensors = null;
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
 * @param {{runtime_url: string, backend: "wasm" | "webgpu", threads: number | null}} options
 * @param {(message: string) => void} [onLost] the graphics card is gone, or does not do what it should
 */
async function start({ runtime_url, backend, threads }, onLost = () => {}) {
  if (!fetched) throw failure("no_model", "The model is not fetched.");
  const { manifest, graph, weights } = fetched;
  const most = Math.min(navigator.hardwareConcurrency, MOST_THREADS);
  const n_threads = threads ?? (globalThis.crossOriginIsolated ? most : 1);
  try {
    const session = await startSession(backend, { runtime_url, threads: n_threads }, manifest, graph, weights);
    started = { manifest, backend, ...session, runner: session.newRunner(), answers: new Waiting(), onLost };
    void session.lost?.then(({ message }) => lose(message || "The graphics card is gone."));
    return { backend, threads: n_threads };
  } catch (error) {
    throw toFailure(error, isMemory(error) ? "out_of_memory" : hadFailure() ? "network" : "internal");
  } finally {
    fetched = null;
    // The session has its own copy.
    release(weights);
  }
}

/** Nothing more comes from the graphics card. @param {string} message */
function lose(message) {
  started?.answers.end(failure("device_lost", message));
  started?.onLost(message);
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

/** What the Python worker reaches through its port. */
const model = {
  /** @param {import("./model_runner.js").RunRequest} request */
  async run(request) {
    const { answers, backend, runner } = ready();
    if (!request.keeps_cache) asked_tensors = request.tensor_names;
    try {
      const packed = await answers.wait(() => runner.run(request));
      return Comlink.transfer(packed, [packed.buffer]);
    } catch (error) {
      const reason = toFailure(error, isMemory(error) ? "out_of_memory" : "internal");
      if (backend === "wasm" || reason.code === "cache_lost") throw reason;
      // A card that fails in the middle of a text is as good as lost: the processor can do it.
      lose(reason.message);
      throw failure("device_lost", reason.message);
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

function ready() {
  if (!started) throw failure("no_model", "The model is not ready.");
  return started;
}

/**
 * Run a short text beside the one that is read. Where another backend's answer is given, it is compared with that.
 * @param {import("./rehearsal.js").Plan} plan @param {Float32Array[] | null} expected
 */
async function tryOut(plan, expected) {
  const { manifest, newRunner } = ready();
  const { parts, milliseconds } = await rehearse(newRunner(), manifest, plan);
  if (expected) return { is_same: isSameAnswer(expected, parts), milliseconds };
  return Comlink.transfer({ parts, milliseconds }, [...new Set(parts.map(({ buffer }) => buffer))]);
}

Comlink.expose({
  fetchModel,
  start,
  tryOut,
  askedTensors: () => asked_tensors,
  cancel: () => loading?.abort(),
  /** @param {MessagePort} port */
  connect: (port) => Comlink.expose(model, port),
  ping: () => true,
  takeSite,
});
