/**
 * What of the site this browser holds for a time without a network: asked, kept on request, or thrown away.
 *
 * @typedef {{name: string, kept_bytes: number, total_bytes: number}} Part a model by its name, "page" or "python"
 * @typedef {{is_possible: boolean, is_persistent: boolean, parts: Part[],
 *   room: {used_bytes: number, total_bytes: number} | null}} Kept
 */
import { readSite } from "./integrity/site_table.js";
import { browserIo, MODEL_CACHE } from "./workers/browser_io.js";
import { failure } from "./workers/errors.js";
import { keepFiles } from "./workers/model_files.js";

const SITE_CACHE = /^glassbox-site-/;
// What the service worker keeps only where it is used, too.
const IF_USED = /asyncify|webgpu|^training\//;
const LOOK_MS = 1000;
// So many looks without anything new: the service worker has been stopped, or nothing arrives.
const MOST_LOOKS = 60;

/** There are no service workers outside secure contexts, nor in some private windows. */
const isPossible = () => Boolean(globalThis.caches && navigator.serviceWorker);

/**
 * @param {string} base_url folder of the page @param {{name: string, bytes: number}[]} models
 * @returns {Promise<Kept>}
 */
export async function whatIsKept(base_url, models) {
  if (!isPossible()) return { is_possible: false, is_persistent: false, parts: [], room: null };
  const kept = await keptFiles(base_url);
  const parts = ["page", "python"].map((name) => sitePart(name, kept));
  for (const model of models) parts.push(await modelPart(model, base_url));
  return {
    is_possible: true,
    is_persistent: (await navigator.storage?.persisted?.()) ?? false,
    parts,
    room: await room(),
  };
}

/** Addresses in the service worker's cache, with "?" and hash. @param {string} base_url */
async function keptFiles(base_url) {
  const found = new Set();
  for (const name of await caches.keys()) {
    if (!SITE_CACHE.test(name)) continue;
    for (const { url } of await (await caches.open(name)).keys())
      if (url.startsWith(base_url)) found.add(url.slice(base_url.length));
  }
  return found;
}

/** @param {string} name @param {Set<string>} kept @returns {Part} */
function sitePart(name, kept) {
  const { sums, sizes } = readSite();
  const is_python = name === "python";
  const addresses = Object.keys(sums).filter(
    (address) => address.startsWith("runtime/") === is_python && !IF_USED.test(address),
  );
  const part = { name, kept_bytes: 0, total_bytes: 0 };
  for (const address of addresses) {
    const bytes = sizes?.[address] ?? 0;
    part.total_bytes += bytes;
    if (kept.has(`${address}?${encodeURIComponent(sums[address])}`)) part.kept_bytes += bytes;
  }
  // Without the page itself nothing of it is reached.
  if (!is_python && ![...kept].some((address) => address.startsWith("index.html?"))) part.kept_bytes = 0;
  return part;
}

/** @param {{name: string, bytes: number}} model @param {string} base_url @returns {Promise<Part>} */
async function modelPart({ name, bytes }, base_url) {
  const part = { name, kept_bytes: 0, total_bytes: bytes };
  const files = await modelFiles(name, base_url).catch(() => null);
  if (!files) return part;
  const cache = await caches.open(MODEL_CACHE);
  for (const { entry, url } of files) if (await cache.match(url)) part.kept_bytes += entry.bytes;
  return part;
}

/** @param {string} name of a model @param {string} base_url */
async function modelFiles(name, base_url) {
  const manifest_url = new URL(`models/${name}/manifest.json`, base_url).href;
  const manifest = await (await fetch(manifest_url)).json();
  const entries = [manifest.tokenizer, manifest.graph, ...manifest.chunks];
  return entries.map((/** @type {import("./workers/model_files.js").FileEntry} */ entry) => ({
    entry,
    url: new URL(entry.file, manifest_url).href,
  }));
}

async function room() {
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined ? null : { used_bytes: usage ?? 0, total_bytes: quota };
}

/**
 * Keep a part, and ask the browser not to clear it by itself.
 * @param {string} name "page" and "python" come together @param {string} base_url @param {() => void} onProgress
 */
export async function keepPart(name, base_url, onProgress) {
  // Not waited for: some browsers ask the visitor, who may not answer.
  void navigator.storage?.persist?.().then(onProgress, () => {});
  if (name === "page" || name === "python") return keepSite(base_url, onProgress);
  const files = await modelFiles(name, base_url);
  await keepFiles(
    files.map(({ entry }) => entry),
    new URL(`models/${name}/`, base_url).href,
    await browserIo(),
    onProgress,
  );
}

/** @param {string} base_url @param {() => void} onProgress */
async function keepSite(base_url, onProgress) {
  await navigator.serviceWorker.register(new URL("service_worker.js", base_url), { scope: base_url });
  const { active } = await navigator.serviceWorker.ready;
  const listening = new AbortController();
  let looks = 0;
  let n_kept = 0;
  /** @type {string | null} */
  const missing = await new Promise((resolve) => {
    const looking = setInterval(async () => {
      onProgress();
      const { size } = await keptFiles(base_url);
      looks = size > n_kept ? 0 : looks + 1;
      n_kept = size;
      if (looks === MOST_LOOKS) resolve("network");
    }, LOOK_MS);
    const { signal } = listening;
    signal.addEventListener("abort", () => clearInterval(looking));
    const onMessage = (/** @type {MessageEvent} */ { data }) => data?.missing !== undefined && resolve(data.missing);
    navigator.serviceWorker.addEventListener("message", onMessage, { signal });
    active?.postMessage("keep");
  });
  listening.abort();
  if (missing) throw failure(missing, "Not everything could be kept.");
}

/** Throw away all that the page has ever kept in this browser; other pages of the same host keep theirs. @param {string} base_url */
export async function emptyAll(base_url) {
  for (const name of await caches.keys()) {
    if (!name.startsWith("glassbox-")) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) if (request.url.startsWith(base_url)) await cache.delete(request);
  }
  const registration = await navigator.serviceWorker.getRegistration(base_url);
  if (registration?.scope === base_url) await registration.unregister();
}
