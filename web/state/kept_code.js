/** Edited code outlives a reload of this tab. It is never part of an address: nobody runs what another has written. */

const KEY = "glassbox-code";
const KINDS = /** @type {const} */ (["sampling", "attention"]);
const LONGEST = 100_000;

/** @param {Partial<Record<"sampling" | "attention", string>>} codes */
export function keepCode(codes) {
  try {
    if (Object.keys(codes).length > 0) sessionStorage.setItem(KEY, JSON.stringify(codes));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is denied or full: the code lasts as long as the page.
  }
}

/** @returns {Partial<Record<"sampling" | "attention", string>>} */
export function keptCode() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    const codes = KINDS.filter((kind) => typeof kept?.[kind] === "string" && kept[kind].length <= LONGEST);
    return Object.fromEntries(codes.map((kind) => [kind, kept[kind]]));
  } catch {
    return {};
  }
}
