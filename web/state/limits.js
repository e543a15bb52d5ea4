/** Bounds of what a reader can set; values from outside (the address, an input field) are clamped to them. */

export const LANGUAGES = /** @type {const} */ (["en", "zh-CN"]);
export const THEMES = /** @type {const} */ (["auto", "light", "dark"]);
export const PANELS = /** @type {const} */ (["about", "models"]);

/** `slider_max` is where the slider ends; the number field goes on to `max`. */
export const SAMPLING_LIMITS = {
  temperature: { min: 0, max: 100, slider_max: 3, step: 0.05, digits: 2 },
  top_k: { min: 1, max: 1_000_000, slider_max: 100, step: 1, digits: 0 },
  top_p: { min: 0.01, max: 1, slider_max: 1, step: 0.01, digits: 3 },
  min_p: { min: 0, max: 1, slider_max: 0.5, step: 0.005, digits: 3 },
};

export const SEED_MAX = 2 ** 31 - 1;
export const PLAY_COUNT_MAX = 500;

/** Pauses between tokens while playing, in ms; 0: as fast as it goes. */
export const PACES_MS = [0, 250, 1000];

/** Where a text ends: the mark between the documents a GPT-2 was trained on. */
export const END_MARK = "<|endoftext|>";

/** What the stored runs were made with. @type {import("./types.js").Sampling} */
export const DEFAULT_SAMPLING = {
  temperature: 0.8,
  top_k: 40,
  top_p: 0.95,
  min_p: 0.05,
  is_top_k_on: false,
  is_top_p_on: true,
  is_min_p_on: false,
  seed: 7,
};

/**
 * `value` as a number within [min, max], rounded to `digits`; `fallback` where it is not a number.
 * @param {unknown} value @param {{min: number, max: number, digits?: number}} limits @param {number} fallback
 */
export function clampNumber(value, { min, max, digits = 0 }, fallback) {
  const number = typeof value === "string" && value.trim() === "" ? NaN : Number(value);
  if (Number.isNaN(number)) return fallback;
  const factor = 10 ** digits;
  return Math.min(max, Math.max(min, Math.round(number * factor) / factor));
}
