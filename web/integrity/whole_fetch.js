/**
 * Every file of the site is taken only as the build made it: a copy that is damaged, cut short, of another build, or a
 * page of the Wi-Fi's own, fails like a broken connection and is asked for again, past the browser's cache.
 *
 * @typedef {{build: string, sums: Record<string, string>, parts: Record<string, string[]>,
 *   sizes?: Record<string, number>}} Site
 *   `sums`: address -> SHA-256 in base64; `parts`: a script's address or source -> all scripts it cannot start without;
 *   `sizes`: address -> bytes
 */

// How long to wait before each further try.
const PAUSES_MS = [300, 1500];

/** @type {Site} */
let site = { build: "", sums: {}, parts: {} };
let base = "";
let has_failed = false;
let onFailure = () => {};

/**
 * From here on `fetch` of this page or worker takes nothing else.
 * @param {Site} given @param {string} base_url folder of the site
 */
export function takeSite(given, base_url) {
  site = given;
  base = base_url;
  const plain = globalThis.fetch.bind(globalThis);
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : new URL(input, base).href;
    const sum = url.startsWith(base) ? site.sums[url.slice(base.length)] : undefined;
    if (!sum) return plain(input, init);
    const asked = { ...init, integrity: `sha256-${sum}` };
    for (let tries = 0; ; tries++) {
      try {
        return await plain(input, tries > 0 ? { ...asked, cache: "reload" } : asked);
      } catch (error) {
        if (init?.signal?.aborted) throw error;
        if (tries === PAUSES_MS.length) {
          has_failed = true;
          onFailure();
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[tries]));
      }
    }
  };
}

/** Whether a file of the site could not be had since the last call. */
export function hadFailure() {
  const had = has_failed;
  has_failed = false;
  return had;
}

/**
 * Wait for `work`, but no longer once a file of the site could not be had: not all that fetches says so.
 * @template T @param {Promise<T>} work @param {unknown} reason what it then fails with @returns {Promise<T>}
 */
export function untilFailure(work, reason) {
  return new Promise((resolve, reject) => {
    onFailure = () => reject(reason);
    work.then(resolve, reject);
  });
}

/**
 * Fetch what is about to be imported: an import that fails is not tried again by browsers, nor does it compare sums.
 * @param {...string} names scripts by address or source, other files by address
 */
export async function arrive(...names) {
  const addresses = names.flatMap((name) => site.parts[name] ?? (site.sums[name] ? [name] : []));
  await Promise.all(addresses.map(async (address) => (await fetch(new URL(address, base))).arrayBuffer()));
}

/**
 * Import a part of the page that is loaded later.
 * @template T @param {string} source where it lies in web/ @param {() => Promise<T>} load
 */
export async function whole(source, load) {
  await arrive(source);
  return load();
}
