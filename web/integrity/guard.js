/**
 * In a file of its own, which holds up nothing: where the page's script or its style sheet does not arrive whole, it fetches
 * them once more, past the browser's cache, and else says so. A word of it stands in index.html for when it is missing too.
 */
import { hasOtherBuild, readSite } from "./site_table.js";

const MENDED_AT = "glassbox-mended";
// A page that was reloaded so recently and fails again is not reloaded by itself.
const PAUSE_MS = 30_000;
// A style sheet that has not come by then no longer keeps the page from being drawn.
const SILENCE_MS = 5000;
// A page that is still being read by then has been cut off: browsers then never come to its end.
const CUT_OFF_MS = 20_000;
let is_mending = false;

// Captured: a file's failure does not rise.
addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === "stylesheet") void mendStyle(target);
    else if (target instanceof HTMLScriptElement) void mendPage();
    else if (target === globalThis) show();
  },
  true,
);

/** What has failed before this file came. */
function lookBack() {
  for (const link of sheets()) if (!link.sheet) void mendStyle(link);
  if (!("glassbox" in globalThis)) void mendPage();
}

if (document.readyState === "complete") lookBack();
else addEventListener("load", lookBack);

setTimeout(() => {
  for (const link of sheets()) if (!link.sheet) waitAside(link);
}, SILENCE_MS);

setTimeout(() => {
  if (document.readyState === "loading") void mendPage();
}, CUT_OFF_MS);

// Not on the link itself, which may never be whole; and by itself it would lose the text in the address.
addEventListener("click", (event) => {
  if (!(event.target instanceof Element && event.target.closest("#again"))) return;
  event.preventDefault();
  void mendPage(true);
});

/** @returns {HTMLLinkElement[]} */
function sheets() {
  return [...document.querySelectorAll(/** @type {"link"} */ ("link[rel=stylesheet]"))];
}

/** Have a style sheet come without anything waiting for it. @param {HTMLLinkElement} link */
function waitAside(link) {
  const fresh = /** @type {HTMLLinkElement} */ (link.cloneNode());
  fresh.media = "print";
  fresh.addEventListener("load", () => {
    fresh.media = "all";
  });
  link.replaceWith(fresh);
}

function ready() {
  if (location.protocol === "file:") document.querySelector(".from-file")?.removeAttribute("hidden");
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", ready);
else ready();

/** @param {HTMLLinkElement} link */
async function mendStyle(link) {
  if (!link.isConnected || !(await isThere(link.href, link.integrity))) return;
  const fresh = /** @type {HTMLLinkElement} */ (link.cloneNode());
  // Another address than the one whose copy the browser holds to be unusable.
  fresh.href = `${link.href}#again`;
  link.replaceWith(fresh);
}

/** Fetch the page's parts anew and start again. @param {boolean} [is_asked] by the visitor */
async function mendPage(is_asked = false) {
  if (is_mending) return;
  is_mending = true;
  const base_url = new URL(".", document.baseURI).href;
  let is_whole = await hasOtherBuild(base_url, buildHere());
  if (!is_whole) {
    const parts = [...document.querySelectorAll("script[integrity], link[integrity]")];
    const found = await Promise.all(
      parts.map((part) =>
        isThere(part.getAttribute("src") ?? part.getAttribute("href") ?? "", part.getAttribute("integrity") ?? ""),
      ),
    );
    is_whole = found.every(Boolean);
  }
  is_mending = false;
  if (is_asked || (is_whole && mayReload())) location.reload();
  else show();
}

/** The page's build; empty where the page is not whole. */
function buildHere() {
  try {
    return readSite().build;
  } catch {
    return "";
  }
}

/** Whether a file can be had as it should be; a bad copy in the browser's cache is replaced. @param {string} address @param {string} integrity */
async function isThere(address, integrity) {
  for (const cache of /** @type {const} */ (["default", "reload"])) {
    try {
      await (await fetch(address, { cache, integrity })).arrayBuffer();
      return true;
    } catch {
      // Once more, then it is not there.
    }
  }
  return false;
}

/** Once in a while only: never a loop. */
function mayReload() {
  try {
    const last = Number(sessionStorage.getItem(MENDED_AT));
    const is_long_ago = !(Math.abs(Date.now() - last) < PAUSE_MS);
    if (is_long_ago) sessionStorage.setItem(MENDED_AT, String(Date.now()));
    return is_long_ago;
  } catch {
    return false;
  }
}

/** The words of index.html, at once: with a style sheet they would wait a while. */
function show() {
  document.getElementById("arrival")?.classList.add("is-failed");
}
