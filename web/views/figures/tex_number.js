/** A printed number as TeX. @param {string} words */
export function texNumber(words) {
  return words
    .replaceAll("\u2212", "-")
    .replaceAll("\u00a0", "")
    .replaceAll(",", "{,}")
    .replace("\u221e", "\\infty")
    .replace("×", " \\times ")
    .replace(/[⁻⁰¹²³⁴-⁹]+/, (exponent) => `^{${Array.from(exponent, plain).join("")}}`);
}

/** @param {string} mark a raised sign or digit */
const plain = (mark) => (mark === "⁻" ? "-" : String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(mark)));
