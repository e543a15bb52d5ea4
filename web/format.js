/**
 * Numbers and names as a reader sees them. The only place that adds one to a layer, a head or a position.
 * Every function takes the language; English and Chinese write numbers alike, another language may not.
 */

// Intl.NumberFormat would do this too, but its first use takes some 100 ms, before the first picture.
const MARKS = { en: { decimal: ".", group: "," }, "zh-CN": { decimal: ".", group: "," } };

/** @type {Record<string, string>} */
const SUPERSCRIPTS = {
  "-": "⁻",
  0: "⁰",
  1: "¹",
  2: "²",
  3: "³",
  4: "⁴",
  5: "⁵",
  6: "⁶",
  7: "⁷",
  8: "⁸",
  9: "⁹",
};

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
 * what is above nothing and below a hundredth of a percent. Number and sign stay on one line. A length may be several
 * times the one it is a share of; more than the whole needs no decimals: "911 %".
 * @param {number} probability @param {import("./state/types.js").Language} language
 */
export function formatShare(probability, language) {
  const percent = probability * 100;
  if (percent === 0) return "0\u00a0%";
  if (percent < 0.01) return `<${formatNumber(0.01, language, 2)}\u00a0%`;
  // Whatever is not all of it must not be rounded up to all of it.
  if (percent < 100 && percent >= 99.95) return `>${formatNumber(99.9, language, 1)}\u00a0%`;
  return `${formatNumber(percent, language, percent < 9.995 ? 2 : percent >= 100 ? 0 : 1)}\u00a0%`;
}

/**
 * Any number to so many significant digits, with a true minus sign: "16.52", "−0.004310", "1.2 × 10⁻⁷".
 * @param {number} value @param {import("./state/types.js").Language} language @param {number} [digits] significant
 */
export function formatValue(value, language, digits = 4) {
  if (value === 0 || Number.isNaN(value)) return value === 0 ? "0" : "";
  const sign = value < 0 ? "\u2212" : "";
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}\u221e`;
  const order = Math.floor(Math.log10(size));
  if (order < -4 || order > 9) {
    const exponent = String(order).replace(/[-0-9]/g, (mark) => SUPERSCRIPTS[mark]);
    return `${sign}${formatNumber(size / 10 ** order, language, Math.min(1, digits - 1))}\u00a0×\u00a010${exponent}`;
  }
  return sign + formatNumber(size, language, Math.max(0, digits - 1 - order));
}

/**
 * How many decimals two numbers may be printed with so that both read the same; about four significant digits at most.
 * @param {number} first @param {number} second
 */
export function agreeingDecimals(first, second) {
  const size = Math.abs(first);
  let decimals = Number.isFinite(size) && size > 0 ? Math.max(0, Math.min(8, 3 - Math.floor(Math.log10(size)))) : 4;
  const alike = () => Number(first.toFixed(decimals)) === Number(second.toFixed(decimals));
  while (decimals > 0 && !alike()) decimals--;
  return decimals;
}

/** A number with so many decimals and a true minus sign. @param {number} value @param {import("./state/types.js").Language} language @param {number} decimals */
export function formatDecimals(value, language, decimals) {
  const words = formatNumber(Math.abs(value), language, decimals);
  return value < 0 && /[1-9]/.test(words) ? `\u2212${words}` : words;
}

/** Megabytes, a million bytes each. @param {number} bytes @param {import("./state/types.js").Language} language */
export function formatMegabytes(bytes, language) {
  const megabytes = bytes / 1e6;
  return formatNumber(megabytes, language, megabytes < 10 ? 1 : 0);
}
