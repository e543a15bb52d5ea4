/** Makes onnxruntime-web sessions. The WebGPU build is only fetched where it is used. */
import { arrive } from "../integrity/whole_fetch.js";
import { externalFiles } from "./dequantized_file.js";
import { failure } from "./errors.js";

/**
 * @param {"wasm" | "webgpu"} backend
 * @param {{runtime_url: string, threads: number}} options
 * @returns {Promise<typeof import("onnxruntime-web")>}
 */
export async function loadOnnxRuntime(backend, { runtime_url, threads }) {
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
 * @param {Uint8Array<ArrayBuffer>} weights the joined chunks
 * @param {boolean} is_last no other session will need them: they are given up on the way
 */
export function createSession(ort, backend, manifest, graph, weights, is_last) {
  return ort.InferenceSession.create(graph, {
    executionProviders: [backend],
    externalData: externalFiles(manifest, weights, is_last),
    // The graph is already as it should run: optimising it costs 60 MB for GPT-2 (124M) and gains nothing measurable.
    graphOptimizationLevel: "disabled",
  });
}
