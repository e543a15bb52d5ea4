/**
 * After a first visit the page works without a network, and isolated (so with threads) even where the host sends no
 * isolation headers. Answers come from the Cache API with their final headers: a service worker that makes responses
 * anew at each visit would lose the browser's compiled WebAssembly. Models are kept by model_files.js, not here.
 */

/** What the build put on the site: address -> hash of its content. */
/** @type {Record<string, string>} */
const files = FILES;

const CACHE = "glassbox-site-1";
// Lists and manifests may change without a new build of the page; the network is asked first.
const FRESH = /(^|\/)(index|manifest)\.json$/;
const worker = /** @type {any} */ (globalThis);

worker.addEventListener("install", () => worker.skipWaiting());

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(Promise.all([worker.clients.claim(), forgetOld()]));
});

worker.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data === "keep") event.waitUntil(keepAll());
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const address = addressOf(event.request.url);
  if (event.request.method !== "GET" || address === null || event.request.headers.has("Range")) return;
  if (address in files) event.respondWith(answer(address, event.request));
  else if (FRESH.test(address)) event.respondWith(answerFresh(event.request));
});

/** Address relative to the site, null for what is not of it. @param {string} url */
function addressOf(url) {
  const scope = worker.registration.scope;
  if (!url.startsWith(scope)) return null;
  const address = url.slice(scope.length).replace(/[?#].*$/, "");
  return address === "" ? "index.html" : address;
}

/** Where a file of this build is kept. @param {string} address */
const keyOf = (address) => new Request(`${worker.registration.scope}${address}?${files[address]}`);

/** The page itself from the network if there is one, all else from the cache. @param {string} address @param {Request} request */
async function answer(address, request) {
  const cache = await caches.open(CACHE);
  if (address === "index.html") {
    try {
      return isolated(await fetch(request));
    } catch {
      return (await cache.match(keyOf(address))) ?? Response.error();
    }
  }
  const kept = await cache.match(keyOf(address));
  if (kept) return kept;
  const response = isolated(await fetch(request));
  if (response.ok) await cache.put(keyOf(address), response.clone()).catch(() => {});
  return response;
}

/** @param {Request} request */
async function answerFresh(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = isolated(await fetch(request));
    if (response.ok) await cache.put(request.url, response.clone()).catch(() => {});
    return response;
  } catch {
    return (await cache.match(request.url)) ?? Response.error();
  }
}

/** Fetch what is not kept yet, one after another: a visitor's own requests go first. */
async function keepAll() {
  const cache = await caches.open(CACHE);
  for (const address of Object.keys(files)) {
    if (await cache.match(keyOf(address))) continue;
    const response = await fetch(`${worker.registration.scope}${address}`).catch(() => null);
    if (response?.ok) await cache.put(keyOf(address), isolated(response)).catch(() => {});
  }
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
