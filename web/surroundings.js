/**
 * What fetching a model uses of the browser. Tests give their own.
 *
 * @typedef {object} Surroundings
 * @property {typeof fetch} fetch
 * @property {Cache | null} cache
 * @property {(bytes: Uint8Array) => Promise<string>} sha256 in hexadecimal digits
 * @property {(milliseconds: number, signal: AbortSignal) => Promise<void>} wait
 * @property {number} stall_ms a transfer that has been silent for so long is given up and taken up again
 */
import { failure } from "./errors.js";

const MODEL_CACHE = "glassbox-models-1";
const STALL_MS = 20000;
// How long to wait where the browser knows that there is no network; when it is back, waiting ends at once.
const AWAY_MS = 60000;

/** @returns {Promise<Surroundings>} */
export async function browserSurroundings() {
  return {
    fetch: fetch.bind(globalThis),
    // There is no Cache API outside secure contexts, and some browsers refuse it in private windows.
    cache: await globalThis.caches?.open(MODEL_CACHE).catch(() => null) ?? null,
    sha256: async (bytes) => hexadecimal(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes))),
    wait: pause,
    stall_ms: STALL_MS,
  };
}

/** @param {ArrayBuffer} buffer */
function hexadecimal(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Wait, but go on at once when the network comes back. @param {number} milliseconds @param {AbortSignal} signal */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer);
      removeEventListener("online", finish);
      signal.removeEventListener("abort", stop);
      resolve(undefined);
    };
    const stop = () => {
      clearTimeout(timer);
      removeEventListener("online", finish);
      reject(failure("cancelled", "Stopped."));
    };
    const timer = setTimeout(finish, navigator.onLine ? milliseconds : AWAY_MS);
    addEventListener("online", finish);
    signal.addEventListener("abort", stop);
  });
}
