/**
 * What fetching a model uses of the browser. Tests give their own.
 *
 * @typedef {object} BrowserIo
 * @property {typeof fetch} fetch
 * @property {Cache | null} cache
 * @property {(bytes: Uint8Array, sha256: string) => Promise<boolean>} isGenuine whether bytes have that hash
 * @property {(milliseconds: number, signal: AbortSignal) => Promise<void>} wait
 * @property {number} stall_ms a transfer that has been silent for so long is given up and taken up again
 */
import { failure } from "./errors.js";

export const MODEL_CACHE = "glassbox-models-1";
const STALL_MS = 20000;
// How long to wait where the browser knows that there is no network; when it is back, waiting ends at once.
const AWAY_MS = 60000;

/** @returns {Promise<BrowserIo>} */
export async function browserIo() {
  return {
    fetch: fetch.bind(globalThis),
    // There is no Cache API outside secure contexts, and some browsers refuse it in private windows.
    cache: (await globalThis.caches?.open(MODEL_CACHE).catch(() => null)) ?? null,
    isGenuine: async (bytes, sha256) => hasHash(/** @type {Uint8Array<ArrayBuffer>} */ (bytes), sha256),
    wait: pause,
    stall_ms: STALL_MS,
  };
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {string} sha256 in hexadecimal digits */
async function hasHash(bytes, sha256) {
  if (crypto.subtle) return hexadecimal(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))) === sha256;
  // Outside secure contexts, as in a classroom that reads from a teacher's laptop, only fetching still compares hashes.
  const url = URL.createObjectURL(new Blob([bytes]));
  const integrity = `sha256-${btoa(String.fromCharCode(...fromHexadecimal(sha256)))}`;
  try {
    await fetch(url, { integrity });
    return true;
  } catch {
    return false;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** @param {Uint8Array} bytes */
const hexadecimal = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {string} digits */
const fromHexadecimal = (digits) => (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));

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
