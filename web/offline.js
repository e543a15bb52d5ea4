import { hasOtherBuild } from "./integrity/site_table.js";

/** The service worker: threads from the first visit on where the host sends no isolation headers, and no network needed later. */

const RELOADED = "glassbox-isolated";
// Longer than a service worker takes to start; a visitor on a slow network is not kept waiting for it.
const LONGEST_WAIT_MS = 1500;

/** @param {string} base_url folder of the page */
const register = (base_url) =>
  navigator.serviceWorker.register(new URL("service_worker.js", base_url), { scope: base_url });

/**
 * On a plain host a page is not isolated before its service worker answers for it. So on a first visit it starts again,
 * once, as soon as that is so, unless the visitor has begun to do something. Nothing large is fetched before this settles.
 * @param {string} base_url folder of the page
 */
export async function isolate(base_url) {
  if (globalThis.crossOriginIsolated) return forget();
  // Of a page within another page the outer one decides.
  if (!navigator.serviceWorker || self !== top || navigator.serviceWorker.controller || !remember()) return;
  const hands = new AbortController();
  let is_touched = false;
  for (const kind of ["keydown", "pointerdown", "input"]) {
    const options = { signal: hands.signal, capture: true, once: true };
    addEventListener(kind, () => (is_touched = true), options);
  }
  const is_answering = await Promise.race([
    new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true), { once: true });
      register(base_url).catch(() => resolve(false));
    }),
    new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS, false)),
  ]);
  hands.abort();
  if (!is_answering || is_touched) return;
  location.reload();
  // Until then nothing more is begun.
  await new Promise(() => {});
}

/** Remember that this visit has been started again; where that is impossible it must not be. @returns {boolean} whether it may be */
function remember() {
  try {
    if (sessionStorage.getItem(RELOADED)) return false;
    sessionStorage.setItem(RELOADED, "1");
    return true;
  } catch {
    return false;
  }
}

function forget() {
  try {
    sessionStorage.removeItem(RELOADED);
  } catch {
    // Nothing was kept either.
  }
}

/**
 * Keep the site for visits without a network, once the page is live: start-up comes first.
 * @param {string} base_url folder of the page @param {string} build the page's
 * @param {() => void} onNewBuild another build's service worker has taken over
 */
export async function keepForOffline(base_url, build, onNewBuild) {
  // No service workers outside secure contexts, nor in some private windows: the page works all the same.
  if (!navigator.serviceWorker) return;
  try {
    if (navigator.serviceWorker.controller) {
      navigator.serviceWorker.addEventListener("controllerchange", async () => {
        if (await hasOtherBuild(base_url, build)) onNewBuild();
      });
    }
    await register(base_url);
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage("keep");
  } catch {
    // Refused by the browser's settings.
  }
}
