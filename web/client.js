/** The page's half of the seam: starts the workers, joins them, and makes calls. */
import * as Comlink from "comlink";
import { failure } from "./errors.js";
import { RemoteWorker } from "./remote_worker.js";
import { unsupported } from "./support.js";

/**
 * @typedef {import("./state/loading.js").Progress} Progress
 * @typedef {import("./state/loading.js").ModelInfo} ModelInfo
 * @typedef {{name: string, display_name: string, bytes: number, manifest: string}} ListedModel
 * @typedef {{worker: RemoteWorker, ready: Promise<any>, info: any}} LoadedModel
 * @typedef {ReturnType<typeof createClient>} Client
 */

/**
 * @param {object} given
 * @param {string} given.base_url folder of the page
 * @param {{python: string, inference: string}} given.workers their files, relative to it
 * @param {(progress: Progress) => void} given.onProgress
 * @param {(code: string) => void} [given.onNotice] something is amiss but nothing failed
 * @param {"auto" | "wasm" | "webgpu"} [given.backend]
 * @param {number | null} [given.threads]
 */
export function createClient({ base_url, workers, onProgress, onNotice = () => {}, backend = "auto", threads = null }) {
  const runtime_url = new URL("runtime/", base_url).href;
  /** @type {Map<string, LoadedModel>} */
  const models = new Map();
  /** @type {Promise<RemoteWorker> | null} */
  let python = null;
  /** @type {Promise<{models: ListedModel[], default: string}> | null} */
  let listing = null;
  /** @type {string | null} */
  let in_use = null;
  /** Why nothing answers until a restart. @type {import("./errors.js").Failure | null} */
  let broken = null;

  /** @param {string} file */
  const startWorker = (file) => new Worker(new URL(file, base_url), { type: "module" });

  /** Passes a worker's progress on, marked with whose it is. @param {{kind: "boot" | "model", name?: string}} whose */
  const reporter = (whose) =>
    Comlink.proxy((/** @type {{loaded_bytes: number, total_bytes: number}} */ { loaded_bytes, total_bytes }) =>
      onProgress({ ...whose, loaded_bytes, total_bytes }));

  function list() {
    listing ??= fetchJson(new URL("models/index.json", base_url)).catch((error) => {
      listing = null;
      throw error;
    });
    return listing;
  }

  function startPython() {
    python ??= (async () => {
      const worker = new RemoteWorker(startWorker(workers.python), (error) => {
        broken = error;
      });
      try {
        await worker.call("boot", runtime_url, reporter({ kind: "boot" }));
      } catch (error) {
        python = null;
        worker.end(failure("worker_died", "Python did not start."));
        throw error;
      }
      return worker;
    })();
    return python;
  }

  /** Start fetching a model; Python need not be there yet. @param {string} name */
  async function startModel(name) {
    const known = models.get(name);
    if (known) return known;
    const listed = (await list()).models.find((model) => model.name === name);
    if (!listed) throw failure("model_missing", `This site has no model called ${name}.`);
    const again = models.get(name);
    if (again) return again;
    const worker = new RemoteWorker(startWorker(workers.inference), (error) => {
      models.delete(name);
      if (in_use === name) broken = error;
    });
    const manifest_url = new URL(`models/${listed.manifest}`, base_url).href;
    /** @type {LoadedModel} */
    const model = { worker, info: null, ready: Promise.resolve() };
    model.ready = worker
      .call("fetchModel", manifest_url, reporter({ kind: "model", name }), Comlink.proxy(onNotice))
      .then(async ({ manifest, tokenizer_json }) => {
        // Two models at once can be more than a small laptop has room for: from here on this one is worked with.
        for (const other of [...models.keys()]) if (other !== name) await unload(other);
        const { backend: used_backend, threads: used_threads } = await worker.call("start", { runtime_url, backend, threads });
        const { port1, port2 } = new MessageChannel();
        await worker.call("connect", Comlink.transfer(port1, [port1]));
        const python_worker = await startPython();
        await python_worker.call("addModel", name, manifest, tokenizer_json, Comlink.transfer(port2, [port2]));
        model.info = { config: manifest.config, backend: used_backend, threads: used_threads, manifest };
      })
      .catch((error) => {
        models.delete(name);
        worker.end(failure("cancelled", "The model was not loaded."));
        throw error;
      });
    // Whoever waits for it gets the failure; while nobody does, it is no error of its own.
    model.ready.catch(() => {});
    models.set(name, model);
    return model;
  }

  /** @param {string} method @param {object} [params] */
  async function call(method, params = {}) {
    if (broken) throw broken;
    const worker = await startPython();
    return worker.call("call", method, params);
  }

  /** Let a model go; its memory comes back. @param {string} name */
  async function unload(name) {
    const model = models.get(name);
    if (!model) return;
    models.delete(name);
    model.worker.end(failure("no_model", `The model ${name} was unloaded.`));
    await call("remove_model", { name });
    if (in_use === name) in_use = null;
  }

  /** Fetch a model if need be, then answer with it. @param {string} name */
  async function load(name) {
    const model = await startModel(name);
    await model.ready;
    await call("use_model", { name });
    in_use = name;
  }

  return {
    call,
    load,

    /** Name of the model that answers. */
    inUse: () => in_use,

    /** Settles when a text can be run: with the model in use, or else with the site's default. */
    async ready() {
      const reason = await unsupported();
      if (reason) throw failure("unsupported_browser", reason);
      // Python's start-up and the model's download go side by side.
      const naming = in_use ? Promise.resolve(in_use) : list().then((listed) => listed.default);
      const [name] = await Promise.all([naming.then(async (found) => (await startModel(found), found)), startPython()]);
      if (in_use !== name) await load(name);
      await models.get(name)?.ready;
    },

    /** @returns {Promise<ModelInfo[]>} */
    async models() {
      const listed = (await list()).models;
      return listed.map(({ name, display_name, bytes }) => {
        const info = models.get(name)?.info;
        return { name, display_name, bytes, is_loaded: Boolean(info), ...info };
      });
    },

    /** Stop fetching a model; whole files that have arrived are kept. @param {string} name */
    async cancel(name) {
      const model = models.get(name);
      if (model && !model.info) await model.worker.call("cancel");
    },

    unload,

    /** Begin anew after a failure: every worker is replaced. */
    async restart() {
      const reason = failure("worker_died", "The page starts again.");
      for (const { worker } of models.values()) worker.end(reason);
      models.clear();
      const worker = await python?.catch(() => null);
      worker?.end(reason);
      python = null;
      listing = null;
      in_use = null;
      broken = null;
    },
  };
}

/** @param {URL} url */
async function fetchJson(url) {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) throw failure("network", `${url.href} cannot be fetched. Check the connection and try again.`);
  return response.json();
}
