/**
 * After a first visit the page works without a network, and isolated (so with threads) even where the host sends no
 * isolation headers. Answers come from the Cache API with their final headers: a service worker that makes responses
 * anew at each visit would lose the browser's compiled WebAssembly. Models are kept by model_files.js, not here.
 */

/** What the build put on the site: address -> hash of its content. */
/** @type {Record<string, string>} */
const files = FILES;

const CACHE = "glassbox-site-1";
// Lists, manifests and our own Python package may change while their names do not; the network is asked first.
const FRESH = /(^|\/)((index|manifest)\.json|glassbox-[^/]*\.whl)$/;
// Kept by model_files.js, which verifies them.
const OF_A_MODEL = /^models\/.*-[0-9a-f]{12}\.\w+$/;
// Only those with a graphics card that is used need the first two, 27 MB; and the training only those who open it.
const IF_USED = /asyncify|webgpu|^training\//;
const worker = /** @type {any} */ (globalThis);

worker.addEventListener("install", () => worker.skipWaiting());

worker.addEventListener("activate", (/** @type {any} */ event) => {
  // Not waited for: Firefox asks every thread of the page first, and those of onnxruntime sleep, so it never settles; what
  // the page fetches would wait for the end of an activation that has none.
  void worker.clients.claim();
  event.waitUntil(forgetOld());
});

worker.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data === "keep") event.waitUntil(keepAll());
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
const keyOf = (address) => new Request(`${urlOf(address)}?${files[address]}`);

/** Whether the host has a newer build than this one: its files are then answered from the host alone. */
let is_outdated = false;

/** The page itself from the network if there is one, all else of this build from the cache. @param {string} address @param {Request} request */
async function answer(address, request) {
  const cache = await caches.open(CACHE);
  if (address === "index.html") return answerPage(cache, request);
  if (FRESH.test(address)) return answerFresh(cache, request);
  const is_known = address in files && !is_outdated;
  const kept = is_known ? await cache.match(keyOf(address)) : undefined;
  if (kept) return kept;
  const response = isolated(await fetch(request, { cache: "no-cache" }));
  if (is_known && IF_USED.test(address)) await keep(cache, address, response.clone());
  return response;
}

/** @param {Cache} cache @param {Request} request */
async function answerPage(cache, request) {
  try {
    const response = isolated(await fetch(request));
    if (response.status < 500) {
      if (response.ok) is_outdated = (await hashOf(response.clone())) !== files["index.html"];
      return response;
    }
  } catch {
    // No network: below.
  }
  is_outdated = false;
  return (await cache.match(keyOf("index.html"))) ?? Response.error();
}

/** @param {Cache} cache @param {Request} request */
async function answerFresh(cache, request) {
  const response = await fetch(request, { cache: "no-cache" }).then(isolated, () => Response.error());
  if (response.ok) await cache.put(request.url, response.clone()).catch(() => {});
  const is_away = response.status === 0 || response.status >= 500;
  return (is_away && (await cache.match(request.url))) || response;
}

/** Fetch what is not kept yet, one after another: a visitor's own requests go first. */
async function keepAll() {
  const cache = await caches.open(CACHE);
  const names = Object.keys(files).filter((address) => !IF_USED.test(address));
  for (const address of names.filter((name) => !FRESH.test(name))) {
    if (await cache.match(keyOf(address))) continue;
    const response = await fetch(urlOf(address), { cache: "no-cache" }).catch(() => null);
    if (response?.ok) await keep(cache, address, isolated(response));
  }
  const listing = await answerFresh(cache, new Request(urlOf("models/index.json")));
  const { models } = listing.ok ? await listing.json() : { models: [] };
  const manifests = models.map((/** @type {{manifest: string}} */ { manifest }) => `models/${manifest}`);
  for (const address of [...names.filter((name) => FRESH.test(name)), ...manifests]) {
    await answerFresh(cache, new Request(urlOf(address)));
  }
}

/** Keep a file if it is of this build: the host may have a newer one by now. @param {Cache} cache @param {string} address @param {Response} response */
async function keep(cache, address, response) {
  if ((await hashOf(response.clone())) === files[address]) await cache.put(keyOf(address), response).catch(() => {});
}

/** @param {Response} response the first digits of its content's SHA-256, as the build writes them */
async function hashOf(response) {
  const digest = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  return Array.from(new Uint8Array(digest).slice(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function forgetOld() {
  const cache = await caches.open(CACHE);
  const current = new Set(Object.keys(files).map((address) => keyOf(address).url));
  for (const request of await cache.keys()) {
    if (!current.has(request.url) && !FRESH.test(addressOf(request.url) ?? "")) await cache.delete(request);
  }
}

/** The response with the headers that isolate a page. @param {Response} response */
function isolated(response) {
  if (response.status === 0 || response.redirected) return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  // The body is already unpacked.
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
