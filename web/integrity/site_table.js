/** What the build wrote into the page about its files, and whether the host has another build by now. */

/** @typedef {import("./whole_fetch.js").Site} Site */

const TABLE = /<script type="application\/json" id="site">(.*?)<\/script>/s;

/** @returns {Site} */
export function readSite() {
  const text = document.getElementById("site")?.textContent;
  return text ? JSON.parse(text) : { build: "", sums: {}, parts: {} };
}

/**
 * Whether the host has another build than the page's.
 * @param {string} base_url folder of the page @param {string} build the page's
 */
export async function hasOtherBuild(base_url, build) {
  if (!build) return false;
  try {
    const response = await fetch(base_url, { cache: "reload" });
    const table = response.ok ? TABLE.exec(await response.text()) : null;
    return table !== null && JSON.parse(table[1]).build !== build;
  } catch {
    return false;
  }
}
