/**
 * Numbers and names as a reader sees them. The only place that adds one to a layer, a head or a position.
 * Every function takes the language; English and Chinese write numbers alike, another language may not.
 */

// Intl.NumberFormat would do this too, but its first use takes some 100 ms, before the first picture.
const MARKS = { en: { decimal: ".", group: "," }, "zh-CN": { decimal: ".", group: "," } };

/** Layer, head and position count from 0 inside, from 1 on the page. @param {number} index */
export const ordinal = (index) => index + 1;

/** @param {number} value @param {import("./state/types.js").Language} language @param {number} [digits] */
export function formatNumber(value, language, digits = 0) {
  const { decimal, group } = MARKS[language];
  const [whole, fraction] = value.toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return fraction ? grouped + decimal + fraction : grouped;
}

/**
 * A probability as a percentage that claims no more than it knows: "24.1 %", "3.07 %", "0 %", and "<0.01 %" only for
 * what is above nothing and below a hundredth of a percent. Number and sign stay on one line.
 * @param {number} probability @param {import("./state/types.js").Language} language
 */
export function formatShare(probability, language) {
  const percent = probability * 100;
  if (percent === 0) return "0\u00a0%";
  if (percent < 0.01) return `<${formatNumber(0.01, language, 2)}\u00a0%`;
  // Whatever is not all of it must not be rounded up to all of it.
  if (percent < 100 && percent >= 99.95) return `>${formatNumber(99.9, language, 1)}\u00a0%`;
  return `${formatNumber(percent, language, percent < 9.995 ? 2 : percent === 100 ? 0 : 1)}\u00a0%`;
}

/** Megabytes, a million bytes each. @param {number} bytes @param {import("./state/types.js").Language} language */
export function formatMegabytes(bytes, language) {
  const megabytes = bytes / 1e6;
  return formatNumber(megabytes, language, megabytes < 10 ? 1 : 0);
}
