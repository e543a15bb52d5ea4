import { readFile } from "./shared.js";

/** What the address cannot hold outlives a reload of this tab all the same. */

const KEY = "glassbox-state";

/** Remember a state, as a file of it would say it; "" forgets. @param {string} content */
export function keepState(content) {
  try {
    if (content) sessionStorage.setItem(KEY, content);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is denied or full: the address holds what is shorter.
  }
}

/**
 * What an address could not hold, where it is still that of the kept state.
 * @param {Partial<import("./url.js").Shared>} shared what the address says @returns {Partial<import("./url.js").Shared>}
 */
export function withKept(shared) {
  let content = null;
  try {
    content = sessionStorage.getItem(KEY);
  } catch {
    // Storage is denied.
  }
  const kept = content === null ? null : readFile(content);
  if (!kept || (shared.text !== undefined && shared.text !== kept.whole_text)) return shared;
  return { ...shared, text: kept.shared.text ?? kept.whole_text, branch: kept.shared.branch };
}
