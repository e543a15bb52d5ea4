import { formatValue } from "../../format.js";
import { Formula } from "../figures/formula.jsx";
import { texNumber } from "../figures/tex_number.js";
import { usePage } from "../page_context.js";

/**
 * The four steps of the pointed cell, with its numbers.
 * @param {{data: any, place: import("../../layout/grid.js").Place, n_tokens: number}} props
 */
export function AttentionFormula({ data, place, n_tokens }) {
  const language = usePage().state.language.value;
  const at = place.row * n_tokens + place.column;
  const n = (/** @type {number} */ value) => texNumber(formatValue(value, language));
  const d_head = data.output.data.length;
  const cell = `{${place.row + 1},${place.column + 1}}`;
  const masked = place.column > place.row;
  const parts = [
    `q_{${place.row + 1}} \\cdot k_{${place.column + 1}} = ${n(data.products.data[at])}`,
    `\\frac{${n(data.products.data[at])}}{\\sqrt{${d_head}}} = ${n(data.scaled.data[at])}`,
    `s_${cell} = ${n(data.scores.data[at])}`,
    `w_${cell} = \\frac{e^{s_${cell}}}{\\sum_{j \\le ${place.row + 1}} e^{s_{${place.row + 1},j}}} = ${masked ? "0" : n(data.pattern.data[at])}`,
  ];
  return <Formula parts={parts} />;
}
