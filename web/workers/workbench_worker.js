/** A second Python, for a reader's version of a source: whatever it does, the page's own Python never hears of it. */
import * as Comlink from "comlink";
import { takeSite } from "../integrity/whole_fetch.js";
import { failure, toFailure } from "./errors.js";
import { buffersOf, importPyodide, pyodideUrl, readIndex, started, toPlain } from "./pyodide_start.js";

/** @type {any} */
let pyodide = null;
/** @type {any} the Python module, once it is there */
let workbench = null;

/** @param {string} runtime_url folder of the vendored runtimes */
async function start(runtime_url) {
  const importing = importPyodide(runtime_url);
  // Whoever waits for it gets the failure, if nothing else fails before.
  importing.catch(() => {});
  const { wheel } = await readIndex(runtime_url);
  const fetching = fetch(new URL(wheel, pyodideUrl(runtime_url))).then((response) => response.arrayBuffer());
  fetching.catch(() => {});
  const { loadPyodide } = await importing;
  const indexURL = pyodideUrl(runtime_url);
  pyodide = await loadPyodide({ indexURL, packages: ["numpy"], convertNullToNone: true });
  pyodide.unpackArchive(await fetching, "wheel");
  workbench = pyodide.pyimport("glassbox.workbench");
}

/**
 * @param {string} kind @param {string} source @param {object} given what its functions are called with
 * @param {(text: string, is_cut: boolean) => void} report what it prints
 */
async function run(kind, source, given, report) {
  if (!workbench) throw failure("no_model", "Python is not ready yet.");
  const python_given = pyodide.toPy(given);
  try {
    const pass = (/** @type {string} */ text, /** @type {boolean} */ is_cut) => void report(text, is_cut);
    const reply = toPlain(workbench.run_version(kind, source, python_given, pass));
    return Comlink.transfer(reply, buffersOf(reply));
  } catch (error) {
    throw toFailure(error);
  } finally {
    python_given.destroy();
  }
}

Comlink.expose({
  boot: (/** @type {string} */ runtime_url) => started(start(runtime_url)),
  run,
  takeSite,
  ping: () => true,
});
