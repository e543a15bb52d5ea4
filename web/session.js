/** Makes onnxruntime-web sessions. The WebGPU build is only fetched where it is used. */

/**
 * @param {"wasm" | "webgpu"} backend
 * @param {{runtime_url: string, threads: number}} options
 * @returns {Promise<typeof import("onnxruntime-web")>}
 */
export async function loadOnnxRuntime(backend, { runtime_url, threads }) {
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
 * @param {Uint8Array} graph
 * @param {string} weights_path name the graph has for its external data
 * @param {Uint8Array} weights
 */
export function createSession(ort, backend, graph, weights_path, weights) {
  return ort.InferenceSession.create(graph, {
    executionProviders: [backend],
    externalData: [{ path: weights_path, data: weights }],
    graphOptimizationLevel: "all",
  });
}
