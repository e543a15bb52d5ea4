/** Makes onnxruntime-web sessions. The WebGPU build is only fetched where it is used. */
import { arrive } from "../integrity/whole_fetch.js";
import { cardArrays } from "./card_arrays.js";
import { externalFiles } from "./dequantized_file.js";
import { failure } from "./errors.js";
import { createRunner } from "./model_runner.js";
import { processorArrays } from "./processor_arrays.js";

/**
 * @param {"wasm" | "webgpu"} backend
 * @param {{runtime_url: string, threads: number}} options
 * @returns {Promise<typeof import("onnxruntime-web")>}
 */
async function loadOnnxRuntime(backend, { runtime_url, threads }) {
  const [part, runtime] =
    backend === "webgpu" ? ["ort.webgpu.bundle.min.mjs", "asyncify."] : ["ort.wasm.bundle.min.mjs", ""];
  await arrive(
    `node_modules/onnxruntime-web/dist/${part}`,
    `runtime/onnxruntime/ort-wasm-simd-threaded.${runtime}mjs`,
  ).catch(() => {
    throw failure("network", "onnxruntime cannot be fetched. Check the connection and try again.");
  });
  const ort = /** @type {typeof import("onnxruntime-web")} */ (
    backend === "webgpu" ? await import("onnxruntime-web/webgpu") : await import("onnxruntime-web/wasm")
  );
  ort.env.wasm.wasmPaths = new URL("onnxruntime/", runtime_url).href;
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  return ort;
}

/**
 * @param {typeof import("onnxruntime-web")} ort
 * @param {"wasm" | "webgpu"} backend
 * @param {any} manifest
 * @param {Uint8Array<ArrayBuffer>} graph
 * @param {Uint8Array<ArrayBuffer>} weights the joined chunks; given up on the way
 */
function createSession(ort, backend, manifest, graph, weights) {
  return ort.InferenceSession.create(graph, {
    executionProviders: [backend],
    externalData: externalFiles(manifest, weights),
    // The graph is already as it should run: optimising it costs 60 MB for GPT-2 (124M) and gains nothing measurable.
    graphOptimizationLevel: "disabled",
    preferredOutputLocation: backend === "webgpu" ? "gpu-buffer" : "cpu",
    // On a card some nodes stay with the processor (shapes, small integers), which onnxruntime thinks worth a warning.
    logSeverityLevel: 3,
  });
}

/**
 * A model ready to run: on the processor, or on a graphics card.
 * @param {"wasm" | "webgpu"} backend @param {{runtime_url: string, threads: number}} options
 * @param {any} manifest @param {Uint8Array<ArrayBuffer>} graph
 * @param {Uint8Array<ArrayBuffer>} weights the joined chunks; given up on the way
 */
export async function startSession(backend, options, manifest, graph, weights) {
  const { n_kv_head, d_head } = manifest.config;
  const ort = await loadOnnxRuntime(backend, options);
  const session = await createSession(ort, backend, manifest, graph, weights);
  const device = backend === "webgpu" ? /** @type {any} */ (await ort.env.webgpu.device) : null;
  const arrays = device ? cardArrays(ort, device, n_kv_head, d_head) : processorArrays(ort, n_kv_head, d_head);
  return {
    /** A runner with a cache of its own. */
    newRunner: () => createRunner(ort, session, manifest, arrays),
    /** Settles when the card is gone. @type {Promise<{message: string}> | null} */
    lost: device?.lost ?? null,
  };
}
