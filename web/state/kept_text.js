/** A text that is too long for the address outlives a reload all the same. */

const KEY = "glassbox-text";

/** Remember a text for this tab; "" forgets. @param {string} text */
export function keepText(text) {
  try {
    if (text) sessionStorage.setItem(KEY, text);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is denied or full: the address holds shorter ones.
  }
}

/** @returns {string | undefined} */
export function keptText() {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}
