import { signal } from "@preact/signals";
import i18next from "i18next";
import en from "./en.json";
import zh_cn from "./zh-CN.json";

// Read by `t`, so that a view is drawn again when the language changes.
const language = signal("en");

/** @param {string} initial */
export function startTranslation(initial) {
  void i18next.init({
    lng: initial,
    fallbackLng: "en",
    initAsync: false,
    resources: { en: { translation: en }, "zh-CN": { translation: zh_cn } },
    // Preact escapes text itself.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  language.value = initial;
}

/** @param {string} name */
export function changeLanguage(name) {
  void i18next.changeLanguage(name);
  language.value = name;
}

/**
 * The words for a key of en.json.
 * @param {string} key @param {Record<string, string | number>} [values] put in for {{name}}
 */
export function t(key, values) {
  return i18next.t(key, { lng: language.value, ...values });
}

/** Whether there are words for a key. @param {string} key */
export const hasWords = (key) => i18next.exists(key);
