/** The page's side of the workbench: a Python that is there while it is open, and can be ended at any moment. */
import * as Comlink from "comlink";
import { failure } from "../workers/errors.js";
import { fetchWorker, startWorkerOf } from "./worker_start.js";

/**
 * @typedef {import("../state/workbench_state.js").Kind} Kind
 * @typedef {import("../state/workbench_state.js").Reply} Reply
 * @typedef {ReturnType<typeof createWorkbenchHost>} WorkbenchHost
 */

/** Where the sources lie, as they are in the repository. @type {Record<Kind, string>} */
const FILES = { sampling: "source/sampling_rules.py.txt", attention: "source/attention.py.txt" };

/**
 * @param {object} given
 * @param {string} given.base_url folder of the page
 * @param {string} given.file the worker's, relative to it
 * @param {import("../integrity/whole_fetch.js").Site | null} given.site
 */
export function createWorkbenchHost({ base_url, file, site }) {
  /** @type {Promise<import("./remote_worker.js").RemoteWorker> | null} */
  let starting = null;
  /** @type {import("./remote_worker.js").RemoteWorker | null} */
  let worker = null;
  let n_stops = 0;

  /** End Python, and with it whatever it does; what waits for it fails with `cancelled`. */
  function stop() {
    n_stops += 1;
    worker?.end(failure("cancelled", "Stopped."));
    worker = null;
    starting = null;
  }

  async function boot() {
    const begun = n_stops;
    try {
      await fetchWorker(file);
      if (n_stops !== begun) throw failure("cancelled", "Stopped.");
      worker = startWorkerOf(file, { base_url, site }, stop);
      const mine = worker;
      await mine.call("boot", new URL("runtime/", base_url).href);
      return mine;
    } catch (error) {
      if (n_stops === begun) stop();
      throw error;
    }
  }

  /** Have Python ready: a moment's work once its files are in the browser. */
  function start() {
    starting ??= boot();
    return starting;
  }

  return {
    start,
    stop,

    /** @param {Kind} kind */
    async source(kind) {
      const response = await fetch(new URL(FILES[kind], base_url)).catch(() => null);
      if (!response?.ok)
        throw failure("network", `${FILES[kind]} cannot be fetched. Check the connection and try again.`);
      return response.text();
    },

    /**
     * Run a source. Rejects with `cancelled` when it is stopped; after any other failure Python is started anew.
     * @param {Kind} kind @param {string} source @param {object} given @param {(text: string, is_cut: boolean) => void} onPrint
     * @returns {Promise<Reply>}
     */
    async run(kind, source, given, onPrint) {
      const here = await start();
      try {
        return await here.call("run", kind, source, given, Comlink.proxy(onPrint));
      } catch (error) {
        // Python may be beyond use, as when it is out of memory.
        if (worker === here) stop();
        throw error;
      }
    },
  };
}
