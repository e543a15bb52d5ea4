/** Makes the site available without a network, once the page is live: start-up comes first. */

/** @param {string} base_url folder of the page */
export async function keepForOffline(base_url) {
  // No service workers outside secure contexts, nor in some private windows: the page works all the same.
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(new URL("service_worker.js", base_url), { scope: base_url });
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage("keep");
  } catch {
    // Refused by the browser's settings.
  }
}
