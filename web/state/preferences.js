import { LANGUAGES, THEMES } from "./limits.js";

/**
 * What a reader's browser remembers: the colours and the language. Storage may be denied; then nothing is remembered.
 */
const KEY = "glassbox";

/** @returns {{theme?: import("./types.js").Theme, language?: import("./types.js").Language}} */
export function readPreferences() {
  try {
    const { theme, language } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { theme: THEMES.find((name) => name === theme), language: LANGUAGES.find((name) => name === language) };
  } catch {
    return {};
  }
}

/** @param {{theme: import("./types.js").Theme, language: import("./types.js").Language}} preferences */
export function writePreferences(preferences) {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Nothing depends on it.
  }
}

/** The first language of the browser that the page speaks. @returns {import("./types.js").Language} */
export function browserLanguage() {
  for (const name of navigator.languages) {
    if (/^zh\b/i.test(name)) return "zh-CN";
    if (/^en\b/i.test(name)) return "en";
  }
  return "en";
}
