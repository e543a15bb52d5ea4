/** Boots Pyodide, installs our package, and passes calls on to `glassbox.bridge`. */
import * as Comlink from "comlink";
import { takeSite } from "../integrity/whole_fetch.js";
import { failure, isMemory, toFailure } from "./errors.js";
import { ModelRoute } from "./model_route.js";
import { buffersOf, importPyodide, pyodideUrl, readIndex, started, toPlain } from "./pyodide_start.js";

/** @typedef {{loaded_bytes: number, total_bytes: number}} Progress */

/** @type {any} the Python module, once it is there */
let bridge = null;
/** @type {any} */
let pyodide = null;
let home = "";
/** What renders chat templates. @type {Promise<void> | null} */
let chat_packages = null;
/** Where each model is computed. @type {Map<string, ModelRoute>} */
const routes = new Map();

/**
 * Start Python.
 * @param {string} runtime_url folder of the vendored runtimes
 * @param {(progress: Progress) => void} onProgress
 */
function boot(runtime_url, onProgress) {
  return started(start(runtime_url, onProgress));
}

/** @param {string} runtime_url @param {(progress: Progress) => void} onProgress */
async function start(runtime_url, onProgress) {
  home = runtime_url;
  const pyodide_url = pyodideUrl(runtime_url);
  const importing = importPyodide(runtime_url);
  // Whoever waits for it gets the failure, if nothing else fails before.
  importing.catch(() => {});
  const index = await readIndex(runtime_url);
  const watcher = watchBytes(index.bytes, onProgress);
  const { loadPyodide } = await importing;
  pyodide = await loadPyodide({ indexURL: pyodide_url, packages: index.packages, convertNullToNone: true });
  const micropip = pyodide.pyimport("micropip");
  await micropip.install.callKwargs(`${pyodide_url}${index.wheel}`, { deps: false });
  micropip.destroy();
  bridge = pyodide.pyimport("glassbox.bridge");
  watcher.disconnect();
}

/** Report the bytes of each file that has arrived. @param {number} total_bytes @param {(progress: Progress) => void} onProgress */
function watchBytes(total_bytes, onProgress) {
  let loaded_bytes = 0;
  onProgress({ loaded_bytes, total_bytes });
  const watcher = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      loaded_bytes += /** @type {PerformanceResourceTiming} */ (entry).decodedBodySize;
    }
    onProgress({ loaded_bytes: Math.min(loaded_bytes, total_bytes), total_bytes });
  });
  watcher.observe({ type: "resource", buffered: true });
  return watcher;
}

/**
 * Call a method of the bridge. Rejects with `{code, message, detail}`.
 * @param {string} method @param {object} params
 */
async function call(method, params) {
  if (!bridge) throw failure("no_model", "Python is not ready yet.");
  if (method === "chat_text") await addChatPackages();
  const python_params = pyodide.toPy(params);
  try {
    const result = resultOf(await bridge.handle(method, python_params));
    return Comlink.transfer(result, buffersOf(result));
  } catch (error) {
    throw toFailure(error, isMemory(error) ? "out_of_memory" : "internal");
  } finally {
    python_params.destroy();
  }
}

/** Fetched where somebody chats. One that could not be had is asked for again. */
function addChatPackages() {
  chat_packages ??= unpack("chat.zip").catch((error) => {
    chat_packages = null;
    throw error;
  });
  return chat_packages;
}

/** Python finds the modules of an archive of the runtimes' folder from here on. @param {string} file */
async function unpack(file) {
  const response = await fetch(new URL(file, home)).catch(() => null);
  if (!response?.ok) throw failure("network", `${file} cannot be fetched.`);
  const site = pyodide.runPython("import site; site.getsitepackages()[0]");
  pyodide.unpackArchive(await response.arrayBuffer(), "zip", { extractDir: site });
  pyodide.runPython("import importlib; importlib.invalidate_caches()");
}

/** What the bridge answers, or what it failed with, thrown. @param {any} proxy */
function resultOf(proxy) {
  const reply = toPlain(proxy);
  if (!reply.ok) throw reply.error;
  return reply.result;
}

/**
 * Take in a model whose inference worker answers on `port`.
 * @param {string} name @param {object} manifest @param {string} tokenizer_json @param {MessagePort} port
 */
async function addModel(name, manifest, tokenizer_json, port) {
  const route = new ModelRoute(port);
  routes.set(name, route);
  /** Python sees errors with a code. @param {"run" | "read_weights"} method @param {...unknown} given */
  const ask = async (method, ...given) => {
    try {
      return await route.ask(method, ...given);
    } catch (thrown) {
      const { code, message } = toFailure(thrown);
      throw Object.assign(new Error(message), { code });
    }
  };
  const model = {
    run: (
      /** @type {any} */ token_ids,
      /** @type {any} */ past_length,
      /** @type {any} */ unembed_rows,
      /** @type {any} */ head_scale,
      /** @type {any} */ tensor_names,
      /** @type {any} */ keeps_cache,
      /** @type {any} */ names,
      /** @type {any} */ shapes,
      /** @type {any} */ arrays,
    ) =>
      ask("run", {
        token_ids,
        past_length,
        unembed_rows,
        head_scale,
        tensor_names,
        keeps_cache,
        edits: { names, shapes, arrays },
      }),
    read_weights: (/** @type {number} */ offset, /** @type {number} */ size) => ask("read_weights", offset, size),
  };
  const python_manifest = pyodide.toPy(manifest);
  try {
    return resultOf(await bridge.add_browser_model(name, python_manifest, tokenizer_json, model));
  } catch (error) {
    routes.delete(name);
    throw toFailure(error);
  } finally {
    python_manifest.destroy();
  }
}

/** From here on a model is computed by another worker. @param {string} name @param {MessagePort} port */
function moveModel(name, port) {
  routes.get(name)?.moveTo(port);
}

/**
 * A model's worker has ended: whoever waits for it in Python, and holds up others meanwhile, hears so.
 * @param {string} name @param {import("./errors.js").Failure} reason
 */
function endModel(name, reason) {
  routes.get(name)?.end(reason);
  routes.delete(name);
}

Comlink.expose({ boot, call, addModel, moveModel, endModel, takeSite, ping: () => true });
