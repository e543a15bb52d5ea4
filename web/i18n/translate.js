import { signal } from "@preact/signals";
import i18next from "i18next";
import { formatNumber } from "../format.js";
import en from "./en.json" with { type: "json" };
import zh_cn from "./zh-CN.json" with { type: "json" };

/**
 * Words of the page. A value is put in for {{name}}; {{name, number}} prints a number as the page prints numbers. A key
 * with a `count` has a form for each of the language's plurals, `key_one` and `key_other`. A piece between
 * <term name="logit"> and </term> is explained by the glossary, `terms.logit`.
 *
 * @typedef {Record<string, string | number>} Values
 * @typedef {{words: string, term: string | null}} Piece `term`: its name in the glossary
 */

const TERM = /<term name="(\w+)">(.*?)<\/term>/;
/** @type {import("i18next").FormatterModule} */
const NUMBERS = {
  type: "formatter",
  init() {},
  add() {},
  addCached() {},
  format: (value, format, lng) =>
    format === "number" && typeof value === "number"
      ? formatNumber(value, /** @type {import("../state/types.js").Language} */ (lng))
      : value,
};

// Read by `t`, so that a view is drawn again when the language changes.
const language = signal("en");

/** @param {string} initial */
export function startTranslation(initial) {
  void i18next.use(NUMBERS).init({
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
 * The words for a key of en.json; marked terms as plain words.
 * @param {string} key @param {Values} [values]
 */
export function t(key, values) {
  const words = i18next.t(key, { lng: language.value, ...values });
  return words.includes("<term ")
    ? pieces(key, values)
        .map((piece) => piece.words)
        .join("")
    : words;
}

/**
 * The words for a key, cut where a term begins and ends. Values are put in after the cutting: they hold a reader's text.
 * @param {string} key @param {Values} [values] @returns {Piece[]}
 */
export function pieces(key, values = {}) {
  const lng = language.value;
  const template = i18next.t(key, { lng, ...values, skipInterpolation: true });
  const fill = (/** @type {string} */ words) => i18next.services.interpolator.interpolate(words, values, lng, {});
  const found = [];
  // Between matches come plain words; a match gives its two groups, name and words.
  const parts = template.split(new RegExp(TERM, "g"));
  for (let at = 0; at < parts.length; at += 3) {
    if (parts[at]) found.push({ words: fill(parts[at]), term: null });
    if (at + 2 < parts.length) found.push({ words: fill(parts[at + 2]), term: parts[at + 1] });
  }
  return found;
}

/** Whether there are words for a key. @param {string} key */
export const hasWords = (key) => i18next.exists(key);
