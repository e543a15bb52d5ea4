/** Bounds of what a reader can set; values from outside (the address, an input field) are clamped to them. */

export const LANGUAGES = /** @type {const} */ (["en", "zh-CN"]);
export const THEMES = /** @type {const} */ (["auto", "light", "dark"]);
export const PANELS = /** @type {const} */ (["about", "models", "share"]);

/** `stops`: where a slider can stand; the number field takes whatever lies between `min` and `max`. */
export const SAMPLING_LIMITS = {
  temperature: {
    min: 0,
    max: 10,
    digits: 2,
    step: 0.05,
    stops: [...steps(0, 0.1, 15), ...[1.6, 1.8, 2, 2.5, 3, 4, 5, 7, 10]],
  },
  top_k: {
    min: 1,
    max: 1_000_000,
    digits: 0,
    step: 1,
    stops: [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000],
  },
  top_p: {
    min: 0.01,
    max: 1,
    digits: 3,
    step: 0.01,
    stops: [0.01, ...steps(0.05, 0.05, 18), ...[0.97, 0.98, 0.99, 0.995, 1]],
  },
  min_p: {
    min: 0,
    max: 1,
    digits: 3,
    step: 0.005,
    stops: [0, 0.001, 0.002, 0.005, ...steps(0.01, 0.01, 9), ...[0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1]],
  },
};

/** Settings worth a look, by what they do. @type {Record<string, Omit<import("./types.js").Options, "seed">>} */
export const PRESETS = {
  greedy: { temperature: 0, top_k: null, top_p: null, min_p: null },
  own: { temperature: 1, top_k: null, top_p: null, min_p: null },
  nucleus: { temperature: 0.8, top_k: null, top_p: 0.95, min_p: null },
  few: { temperature: 0.7, top_k: 40, top_p: null, min_p: null },
  floor: { temperature: 1.5, top_k: null, top_p: null, min_p: 0.1 },
  flat: { temperature: 3, top_k: null, top_p: null, min_p: null },
};

/** `count + 1` numbers from `first`, so far apart. @param {number} first @param {number} apart @param {number} count */
function steps(first, apart, count) {
  return Array.from({ length: count + 1 }, (_, index) => Number((first + index * apart).toFixed(3)));
}

/** The stop that is nearest to a value, as an index. @param {number[]} stops rising @param {number} value */
export function nearestStop(stops, value) {
  let best = 0;
  stops.forEach((stop, index) => {
    if (Math.abs(stop - value) < Math.abs(stops[best] - value)) best = index;
  });
  return best;
}

export const SEED_MAX = 2 ** 31 - 1;
export const PLAY_COUNT_MAX = 500;

/** Pauses between tokens while playing, in ms; 0: as fast as it goes. */
export const PACES_MS = [0, 250, 1000];

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
