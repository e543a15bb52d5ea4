/** What the page cannot do without, asked before anything is fetched. */

// The smallest module that uses a SIMD instruction: a function that drops a constant vector's lane.
const SIMD_MODULE = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  10,
  1,
  8,
  0,
  65,
  0,
  253,
  15,
  253,
  98,
  11,
);

/** What is missing, in English for the console; null where nothing is. @returns {Promise<string | null>} */
export async function unsupported() {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD_MODULE)) return "WebAssembly SIMD is missing.";
  if (typeof BigInt64Array !== "function") return "64-bit integers are missing.";
  if (!hasModuleWorkers()) return "Module workers are missing.";
  return null;
}

/** A browser that knows module workers reads the option; another ignores it. */
function hasModuleWorkers() {
  let is_read = false;
  const options = {
    get type() {
      is_read = true;
      return /** @type {const} */ ("module");
    },
  };
  try {
    // No address at all: nothing is started, and nothing that the page's policy would have to allow.
    new Worker("http://[", options).terminate();
  } catch {
    // Refused, after having read the option or not.
  }
  return is_read;
}

/**
 * Whether this is WebKit. It compiles both runtimes in one queue, and functions with SIMD wait for their turn: side by side
 * they are there a third later than one after the other.
 */
export const isWebKit = () => /^Apple/.test(globalThis.navigator?.vendor ?? "");
