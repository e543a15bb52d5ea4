/**
 * Numbers and names as a reader sees them. The only place that adds one to a layer, a head or a position.
 * Every function takes the language, for its decimal mark and grouping.
 */

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/** @param {string} language @param {number} digits */
function numberFormat(language, digits) {
  const key = `${language} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format;
}

/** Layer, head and position count from 0 inside, from 1 on the page. @param {number} index */
export const ordinal = (index) => index + 1;

/** @param {number} value @param {string} language @param {number} [digits] */
export const formatNumber = (value, language, digits = 0) => numberFormat(language, digits).format(value);

/**
 * A probability as a percentage that claims no more than it knows: "24.1 %", "3.07 %", "0 %", and "<0.01 %" only for
 * what is above nothing and below a hundredth of a percent. Number and sign stay on one line.
 * @param {number} probability @param {string} language
 */
export function formatShare(probability, language) {
  const percent = probability * 100;
  if (percent === 0) return "0\u00a0%";
  if (percent < 0.01) return `<${formatNumber(0.01, language, 2)}\u00a0%`;
  // Whatever is not all of it must not be rounded up to all of it.
  if (percent < 100 && percent >= 99.95) return `>${formatNumber(99.9, language, 1)}\u00a0%`;
  return `${formatNumber(percent, language, percent < 9.995 ? 2 : percent === 100 ? 0 : 1)}\u00a0%`;
}

/** @param {number} weight of attention, 0 to 1 @param {string} language */
export const formatWeight = (weight, language) => formatNumber(weight, language, 3);

/** Megabytes, a million bytes each. @param {number} bytes @param {string} language */
export function formatMegabytes(bytes, language) {
  const megabytes = bytes / 1e6;
  return formatNumber(megabytes, language, megabytes < 10 ? 1 : 0);
}

/** Parameters of a model in millions. @param {number} count @param {string} language */
export const formatMillions = (count, language) => formatNumber(count / 1e6, language);
