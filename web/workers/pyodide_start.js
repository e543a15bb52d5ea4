/** What every worker with a Python of its own does: fetch Pyodide as the build vendored it, and read Python's answers. */
import { arrive, hadFailure, untilFailure } from "../integrity/whole_fetch.js";
import { failure, isMemory, toFailure } from "./errors.js";

/** @typedef {{wheel: string, packages: string[], bytes: number}} RuntimeIndex what the build vendored */

/** @param {string} runtime_url folder of the vendored runtimes */
export const pyodideUrl = (runtime_url) => new URL("pyodide/", runtime_url).href;

/** Pyodide's own module. @param {string} runtime_url */
export async function importPyodide(runtime_url) {
  // Pyodide imports the second of these itself.
  await arrive("runtime/pyodide/pyodide.mjs", "runtime/pyodide/pyodide.asm.js");
  return import(/* the vendored file, not a bundled copy */ `${pyodideUrl(runtime_url)}pyodide.mjs`);
}

/** @param {string} runtime_url @returns {Promise<RuntimeIndex>} */
export async function readIndex(runtime_url) {
  const response = await fetch(new URL("index.json", runtime_url));
  if (!response.ok) throw failure("network", `The runtime's index cannot be fetched (HTTP ${response.status}).`);
  return response.json();
}

/** Wait for a start; what it fails with is a failure that can be told. @template T @param {Promise<T>} starting */
export async function started(starting) {
  try {
    // Pyodide waits for ever for a WebAssembly file that does not come.
    return await untilFailure(starting, failure("network", "Python cannot be fetched."));
  } catch (error) {
    if (isMemory(error)) throw toFailure(error, "out_of_memory");
    throw toFailure(error, hadFailure() || error instanceof TypeError ? "network" : "internal");
  }
}

/** A Python result as plain objects and typed arrays; the only place where results change sides. @param {any} proxy */
export function toPlain(proxy) {
  const plain = proxy.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false });
  proxy.destroy();
  return plain;
}

/** Buffers of all typed arrays in a result, to be moved instead of copied. @param {unknown} value @returns {Transferable[]} */
export function buffersOf(value) {
  if (ArrayBuffer.isView(value)) return [/** @type {ArrayBuffer} */ (value.buffer)];
  if (Array.isArray(value)) return typeof value[0] === "object" ? value.flatMap(buffersOf) : [];
  if (value && typeof value === "object") return Object.values(value).flatMap(buffersOf);
  return [];
}
