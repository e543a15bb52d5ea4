/**
 * After a first visit the page works without a network, and isolated (so with threads) even where the host sends no
 * isolation headers. Answers come from the Cache API with their final headers: a service worker that makes responses
 * anew at each visit would lose the browser's compiled WebAssembly. Models are kept by model_files.js, not here.
 */

/** What the build put on the site: address -> SHA-256 of its content in base64. */
/** @type {Record<string, string>} */
const files = FILES;

const CACHE = "glassbox-site-2";
// Kept by model_files.js, which verifies them.
const OF_A_MODEL = /^models\/.*-[0-9a-f]{12}\.\w+$/;
// The browser's own cache may hold these for ever.
const HASHED = /-([0-9A-Z]{8}|[0-9a-f]{12})\.\w+$/;
// Only those with a graphics card that is used need the first two, 27 MB; and the training only those who open it.
const IF_USED = /asyncify|webgpu|^training\//;
// The page as the build wrote it says so itself: what a Wi-Fi's sign-in answers instead, or half a page, does not.
const WHOLE = /<!-- whole ([0-9a-f]{64}) -->\s*$/;
// A host that says nothing for so long is taken for one that is away, if the page is kept.
const SILENCE_MS = 5000;
const worker = /** @type {any} */ (globalThis);

worker.addEventListener("install", () => worker.skipWaiting());

worker.addEventListener("activate", (/** @type {any} */ event) => {
  // Not waited for: Firefox asks every thread of the page first, and those of onnxruntime sleep, so it never settles; what
  // the page fetches would wait for the end of an activation that has none.
  void worker.clients.claim();
  event.waitUntil(forgetOld());
});

worker.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data === "keep") event.waitUntil(keepAll().then((missing) => event.source?.postMessage({ missing })));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const address = addressOf(event.request.url);
  if (event.request.method !== "GET" || address === null || OF_A_MODEL.test(address)) return;
  event.respondWith(answer(address, event.request));
});

/** Address relative to the site, null for what is not of it. @param {string} url */
function addressOf(url) {
  const scope = worker.registration.scope;
  if (!url.startsWith(scope)) return null;
  const address = url.slice(scope.length).replace(/[?#].*$/, "");
  return address === "" ? "index.html" : address;
}

/** @param {string} address */
const urlOf = (address) => `${worker.registration.scope}${address}`;

/** Where a file of this build is kept. @param {string} address */
const keyOf = (address) => new Request(`${urlOf(address)}?${encodeURIComponent(files[address])}`);

/** Whether the host has a newer build than this one: its files are then answered from the host alone. */
let is_outdated = false;

/** The page itself from the network if there is one, all else of this build from the cache. @param {string} address @param {Request} request */
async function answer(address, request) {
  const cache = await caches.open(CACHE);
  if (address === "index.html") return answerPage(cache, request);
  const is_of_build =
    address in files && (request.integrity === "" || request.integrity === `sha256-${files[address]}`);
  const is_known = is_of_build && !is_outdated;
  // "reload": the page has found its copy to be bad.
  const kept = is_known && request.cache !== "reload" ? await cache.match(keyOf(address)) : undefined;
  if (kept) return kept;
  const response = isolated(
    await fetch(request, HASHED.test(address) || request.cache === "reload" ? {} : { cache: "no-cache" }),
  );
  if (is_known && IF_USED.test(address)) await keep(cache, address, response.clone()).catch(() => {});
  return response;
}

/** @param {Cache} cache @param {Request} request */
async function answerPage(cache, request) {
  const kept = await cache.match(keyOf("index.html"));
  const asked = fetch(request).catch(() => null);
  const silence = new Promise((resolve) => setTimeout(resolve, SILENCE_MS, null));
  const response = /** @type {Response | null} */ (await (kept ? Promise.race([asked, silence]) : asked));
  if (response?.ok && (await isWhole(response.clone()))) {
    is_outdated = (await sumOf(response.clone())) !== files["index.html"];
    return isolated(response);
  }
  if (kept) is_outdated = false;
  return kept ?? (response ? isolated(response) : Response.error());
}

/** Whether a response is a page of this site, of whatever build. @param {Response} response */
async function isWhole(response) {
  const text = await response.text().catch(() => "");
  const told = WHOLE.exec(text);
  if (!told) return false;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text.slice(0, told.index)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("") === told[1];
}

/**
 * Fetch what is not kept yet, one after another: a visitor's own requests go first.
 * @returns {Promise<"storage_full" | "network" | null>} why not all is kept
 */
async function keepAll() {
  const cache = await caches.open(CACHE);
  /** @type {"network" | null} */
  let missing = null;
  for (const address of Object.keys(files).filter((name) => !IF_USED.test(name))) {
    if (await cache.match(keyOf(address))) continue;
    const integrity = `sha256-${files[address]}`;
    const options = /** @type {RequestInit} */ (
      HASHED.test(address) ? { integrity } : { integrity, cache: "no-cache" }
    );
    const response = await fetch(urlOf(address), options).catch(() =>
      fetch(urlOf(address), { integrity, cache: "reload" }).catch(() => null),
    );
    if (!response?.ok) {
      missing = "network";
      continue;
    }
    try {
      await keep(cache, address, isolated(response));
    } catch {
      return "storage_full";
    }
  }
  return missing;
}

/**
 * Keep a file if it is of this build: the host may have a newer one by now.
 * @param {Cache} cache @param {string} address @param {Response} response
 * @throws where the browser has no room
 */
async function keep(cache, address, response) {
  if ((await sumOf(response.clone())) === files[address]) await cache.put(keyOf(address), response);
}

/** @param {Response} response its content's SHA-256, as the build writes it */
async function sumOf(response) {
  const digest = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

/** What earlier builds have kept. Another copy of the page, in another folder of the same host, keeps its own. */
async function forgetOld() {
  const current = new Set(Object.keys(files).map((address) => keyOf(address).url));
  for (const name of await caches.keys()) {
    if (!/^glassbox-site-/.test(name)) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const is_current = name === CACHE && current.has(request.url);
      if (request.url.startsWith(worker.registration.scope) && !is_current) await cache.delete(request);
    }
  }
}

/** The response with the headers that isolate a page, and its policy, by which workers go. @param {Response} response */
function isolated(response) {
  if (response.status === 0 || response.redirected) return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set("Content-Security-Policy", POLICY);
  // The body is already unpacked.
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
