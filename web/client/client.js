/** The page's half of the seam: starts the workers, joins them, and makes calls. */
import * as Comlink from "comlink";
import { hasOtherBuild } from "../integrity/site_table.js";
import { failure, toFailure } from "../workers/errors.js";
import { Waiting } from "../workers/waiting.js";
import { createMemory, findCard, hasGraphics } from "./backend_choice.js";
import { createBackends } from "./backends.js";
import { isWebKit, unsupported } from "./support.js";
import { fetchWorker, startWorkerOf } from "./worker_start.js";

// After so long without a question from the page the graphics card may be tried beside it.
const QUIET_MS = 1500;

/**
 * @typedef {import("../state/loading.js").Progress} Progress
 * @typedef {import("../state/loading.js").ModelInfo} ModelInfo
 * @typedef {{name: string, display_name: string, parameters: number, licence: string, source: string, bytes: number, manifest: string}} ListedModel
 * @typedef {import("./backends.js").LoadedModel} LoadedModel
 * @typedef {ReturnType<typeof createClient>} Client
 */

/**
 * @param {object} given
 * @param {string} given.base_url folder of the page
 * @param {{python: string, inference: string}} given.workers their files, relative to it
 * @param {(progress: Progress) => void} given.onProgress
 * @param {(code: string) => void} [given.onNotice] something is amiss but nothing failed
 * @param {() => void} [given.onModels] what `models` answers has changed
 * @param {import("../integrity/whole_fetch.js").Site | null} [given.site] what workers take its files by
 * @param {Promise<void>} [given.begun] nothing large is fetched before it settles
 * @param {Storage | null} [given.storage] remembers what this machine computes on
 * @param {number | null} [given.threads]
 */
export function createClient({
  base_url,
  workers,
  onProgress,
  onNotice = () => {},
  onModels = () => {},
  site = null,
  begun = Promise.resolve(),
  storage = null,
  threads = null,
}) {
  const runtime_url = new URL("runtime/", base_url).href;
  /** @type {Map<string, LoadedModel>} */
  const models = new Map();
  /** @type {Promise<import("./remote_worker.js").RemoteWorker> | null} */
  let python = null;
  /** @type {Promise<{models: ListedModel[], default: string}> | null} */
  let listing = null;
  /** @type {string | null} */
  let in_use = null;
  /** How often Python was told which model answers. Each time it forgets the runs that there were. */
  let use_count = 0;
  /** What is asked of Python and the model in use; after the death of either nothing answers until a restart. */
  let answers = new Waiting();
  let last_call = 0;

  /** @param {string} file @param {(error: import("../workers/errors.js").Failure) => void} onDeath */
  const startWorker = (file, onDeath) => startWorkerOf(file, { base_url, site }, onDeath);

  /** Passes a worker's progress on, marked with whose it is. @param {{kind: "boot" | "model", name?: string}} whose */
  const reporter = (whose) =>
    Comlink.proxy((/** @type {{loaded_bytes: number, total_bytes: number}} */ { loaded_bytes, total_bytes }) =>
      onProgress({ ...whose, loaded_bytes, total_bytes }),
    );

  function list() {
    listing ??= fetchJson(new URL("models/index.json", base_url)).catch((error) => {
      listing = null;
      throw error;
    });
    return listing;
  }

  function startPython() {
    python ??= (async () => {
      /** @type {import("./remote_worker.js").RemoteWorker | null} */
      let worker = null;
      try {
        await fetchWorker(workers.python);
        worker = startWorker(workers.python, (error) => answers.end(error));
        await worker.call("boot", runtime_url, reporter({ kind: "boot" }));
        return worker;
      } catch (error) {
        python = null;
        worker?.end(failure("worker_died", "Python did not start."));
        throw error;
      }
    })();
    return python;
  }

  /** @param {string} name */
  async function find(name) {
    const listed = (await list()).models.find((model) => model.name === name);
    if (!listed)
      throw failure("model_missing", `This site has no model called ${name}.`, { reason: "model_unlisted", name });
    return { bytes: listed.bytes, manifest_url: new URL(`models/${listed.manifest}`, base_url).href };
  }

  /** Start fetching a model; Python need not be there yet. @param {string} name */
  async function startModel(name) {
    const known = models.get(name);
    if (known) return known;
    const { bytes, manifest_url } = await find(name);
    await fetchWorker(workers.inference);
    const again = models.get(name);
    if (again) return again;
    const worker = startWorker(workers.inference, (error) => onDeath(model, error, worker));
    /** @type {LoadedModel} */
    const model = {
      name,
      bytes,
      manifest: null,
      manifest_url,
      worker,
      info: null,
      is_fetched: false,
      is_started: false,
      is_gone: false,
      ready: Promise.resolve(),
    };
    model.ready = worker
      .call("fetchModel", manifest_url, reporter({ kind: "model", name }), Comlink.proxy(onNotice))
      .then(async ({ manifest, tokenizer_json }) => {
        model.is_fetched = true;
        // Two models at once can be more than a small laptop has room for: from here on this one is worked with.
        // Others that are still being fetched may go on: each takes the place of the one before.
        for (const [other, { is_started }] of [...models]) if (other !== name && is_started) await unload(other);
        model.is_started = true;
        if (isWebKit()) await startPython();
        const { used, port } = await connect(worker, "wasm");
        const python_worker = await startPython();
        await python_worker.call("addModel", name, manifest, tokenizer_json, Comlink.transfer(port, [port]));
        if (worker.is_dead) {
          const reason = failure("cancelled", `Loading ${name} was stopped.`);
          await forgetInPython(name, reason);
          throw reason;
        }
        model.manifest = manifest;
        const { config, end_tokens, chat_template } = manifest;
        model.info = { config, end_tokens, has_chat: Boolean(chat_template), ...used };
      })
      .catch((error) => {
        forget(model);
        worker.end(failure("cancelled", "The model was not loaded."));
        throw error;
      });
    // Whoever waits for it gets the failure; while nobody does, it is no error of its own.
    model.ready.catch(() => {});
    models.set(name, model);
    return model;
  }

  /** Start what a worker has fetched. @param {import("./remote_worker.js").RemoteWorker} worker @param {"wasm" | "webgpu"} backend @param {() => void} onLost */
  async function connect(worker, backend, onLost = () => {}) {
    const used = await worker.call("start", { runtime_url, backend, threads }, Comlink.proxy(onLost));
    const { port1, port2 } = new MessageChannel();
    await worker.call("connect", Comlink.transfer(port1, [port1]));
    return { used, port: port2 };
  }

  const backends = createBackends({
    async startElsewhere(model, backend, onLost) {
      await fetchWorker(workers.inference);
      const worker = startWorker(workers.inference, (error) => {
        onLost();
        if (backend === "wasm") onDeath(model, error, worker);
      });
      try {
        await worker.call(
          "fetchModel",
          model.manifest_url,
          Comlink.proxy(() => {}),
          Comlink.proxy(() => {}),
        );
        return { worker, ...(await connect(worker, backend, onLost)) };
      } catch (error) {
        worker.end(failure("cancelled", "The model was not started there."));
        throw error;
      }
    },
    startPython,
    async whenQuiet() {
      while (performance.now() - last_call < QUIET_MS) await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    },
    findCard,
    hasGraphics,
    memory: createMemory(storage),
    onDeath,
    onChange: onModels,
  });

  /** @param {LoadedModel} model */
  function forget(model) {
    model.is_gone = true;
    if (models.get(model.name) === model) models.delete(model.name);
  }

  /** A model is computed nowhere any more. @param {LoadedModel} model @param {import("../workers/errors.js").Failure} error */
  function onDeath(model, error, worker = model.worker) {
    if (worker !== model.worker) return;
    forget(model);
    if (in_use === model.name) answers.end(error);
  }

  /** @param {string} method @param {object} [params] */
  function call(method, params = {}) {
    last_call = performance.now();
    return answers
      .wait(async () => (await startPython()).call("call", method, params))
      .finally(() => {
        last_call = performance.now();
      });
  }

  /** Let a model go; its memory comes back. @param {string} name */
  async function unload(name) {
    const model = models.get(name);
    if (!model) return;
    forget(model);
    if (in_use === name) in_use = null;
    model.worker.end(failure("cancelled", `The model ${name} made room for another.`));
    await forgetInPython(name, failure("stale", `The model ${name} made room for another.`));
  }

  /** @param {string} name @param {import("../workers/errors.js").Failure} reason what whoever waits for the model hears */
  async function forgetInPython(name, reason) {
    await (await startPython()).call("endModel", name, reason);
    await call("remove_model", { name });
  }

  /** @param {string} name of a model that is loaded */
  async function use(name) {
    await call("use_model", { name });
    in_use = name;
    use_count += 1;
    const model = models.get(name);
    if (model) void backends.consider(model);
  }

  /** Fetch a model if need be, then answer with it. @param {string} name */
  async function load(name) {
    const earlier = in_use;
    try {
      await answers.wait(async () => (await startModel(name)).ready);
      await use(name);
    } catch (error) {
      // The one before made room for it; its files are at hand.
      if (earlier && in_use === null) await load(earlier).catch(() => {});
      throw error;
    }
  }

  /** A failure is put down to a newer build where the host has one: its files are not mixed with the page's. @param {unknown} error */
  async function explained(error) {
    const { code } = toFailure(error);
    const may_be = code === "network" || code === "internal" || code === "model_missing" || code === "chunk_corrupt";
    if (!may_be || !(await hasOtherBuild(base_url, site?.build ?? ""))) return error;
    return failure("new_build", "A newer version of this page has been published.");
  }

  return {
    call,

    /** @param {string} name */
    load: (name) =>
      load(name).catch(async (error) => {
        throw await explained(error);
      }),

    /** Name of the model that answers. */
    inUse: () => in_use,

    /** Whether a newer version of the page has been published. */
    hasNewBuild: () => hasOtherBuild(base_url, site?.build ?? ""),

    /** Changes when the runs that Python holds are gone. */
    useCount: () => use_count,

    /** @param {string} name */
    manifest: async (name) => fetchJson(new URL((await find(name)).manifest_url)),

    /** Settles when a text can be run: with the model in use, or else with the site's default. */
    async ready() {
      await begun;
      const reason = await unsupported();
      if (reason) throw failure("unsupported_browser", reason);
      // Python's start-up and the model's download go side by side.
      const startFirst = async () => {
        const name = in_use ?? (await list()).default;
        await startModel(name);
        return name;
      };
      try {
        const [name] = await answers.wait(() => Promise.all([startFirst(), startPython()]));
        if (in_use !== name) await load(name);
        await models.get(name)?.ready;
      } catch (error) {
        throw await explained(error);
      }
    },

    /** @returns {Promise<ModelInfo[]>} */
    async models() {
      const listed = (await list()).models;
      return listed.map(({ manifest, ...facts }) => {
        const model = models.get(facts.name);
        if (!model?.info) return { ...facts, is_loaded: false };
        return { ...facts, is_loaded: true, ...model.info, compute: backends.describe(model) };
      });
    },

    /** Where a loaded model shall be computed. @param {string} name @param {import("./backend_choice.js").Choice} choice */
    async chooseBackend(name, choice) {
      const model = models.get(name);
      if (!model?.info) throw failure("no_model", `${name} is not loaded.`);
      await backends.choose(model, choice);
    },

    /** Stop loading a model; whole files that have arrived are kept. @param {string} name */
    async cancel(name) {
      const model = models.get(name);
      if (!model || model.info) return;
      // Making a session cannot be interrupted from within.
      if (model.is_fetched) model.worker.end(failure("cancelled", `Loading ${name} was stopped.`));
      else await model.worker.call("cancel");
    },

    unload,

    /** Begin anew after a failure: every worker is replaced. */
    async restart() {
      const reason = failure("worker_died", "The page starts again.");
      for (const model of [...models.values()]) {
        forget(model);
        model.worker.end(reason);
      }
      const worker = await python?.catch(() => null);
      worker?.end(reason);
      python = null;
      listing = null;
      in_use = null;
      answers.end(reason);
      answers = new Waiting();
    },
  };
}

/** @param {URL} url */
async function fetchJson(url) {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) throw failure("network", `${url.href} cannot be fetched. Check the connection and try again.`);
  return response.json();
}
