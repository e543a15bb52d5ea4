import { formatDecimals, formatNumber, formatShare, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { mostActive } from "../../layout/river/open_mlp.js";
import { largestIndex } from "../../layout/river/sheets.js";
import { nameOf } from "./names.js";

/**
 * The neurons, numbers or candidates in what is open: which there are, what is said of one, and the cell whose sum it opens.
 *
 * @typedef {import("../../state/river_state.js").OpenedData} OpenedData
 * @typedef {import("../../state/types.js").Language} Language
 */

/** In the order in which arrow keys go through them. @param {OpenedData} opened @returns {number[]} */
export function itemsOf({ part, data }) {
  if (part.kind === "mlp") return mostActive(data.after.data);
  const count =
    part.kind === "unembedding"
      ? data.token_ids.length
      : (part.kind === "embedding" ? data.sum : data.output).data.length;
  return Array.from({ length: count }, (_, index) => index);
}

/** The one looked at: at first the largest. @param {OpenedData} opened @param {number | null} chosen */
export function itemOf({ part, data }, chosen) {
  if (part.kind === "mlp") return chosen ?? mostActive(data.after.data, 1)[0];
  if (part.kind === "unembedding") return Math.min(chosen ?? 0, data.token_ids.length - 1);
  return chosen ?? largestIndex((part.kind === "embedding" ? data.sum : data.output).data);
}

/** @param {OpenedData} opened @param {number} item @returns {import("../../state/exploring.js").ExplainedCell} */
export function cellOfItem({ part, position, data }, item) {
  const of_all = { head: null, row: position, column: item };
  if (part.kind === "mlp") return { ...of_all, name: "mlp_post", layer: part.layer };
  if (part.kind === "embedding") return { ...of_all, name: "resid_pre", layer: 0 };
  if (part.kind === "unembedding") return { ...of_all, name: "logits", layer: null, column: data.token_ids[item] };
  return { ...data.cells.output, column: item };
}

/** The row of the unembedding that a candidate is multiplied with. @param {OpenedData} opened @param {number} rank @returns {Float32Array} */
export function candidateRow({ data }, rank) {
  const n_embd = data.normed.data.length;
  return data.embeddings.data.subarray(rank * n_embd, (rank + 1) * n_embd);
}

/**
 * What becomes of one number, in lines: "number 17: (2.312 − 0.031) ÷ 1.521 = 1.500".
 * @param {OpenedData} opened @param {number} item @param {Language} language @param {boolean} [is_slim] shorter lines
 * @returns {string[]}
 */
export function linesOfNumber({ part, data, labels }, item, language, is_slim = false) {
  const digits = (/** @type {number} */ value) => formatValue(value, language, is_slim ? 3 : 4);
  const inBrackets = (/** @type {string} */ words) => (words.startsWith("\u2212") ? `(${words})` : words);
  const name = t("river.inside.number", { index: formatNumber(ordinal(item), language) });
  const after_name = (/** @type {string} */ words) => (is_slim ? [name, words] : [`${name}: ${words}`]);
  if (part.kind === "unembedding") {
    const count = data.normed.data.length;
    const values = { token: nameOf(labels[item]), count, logit: formatValue(data.logits[item], language) };
    return [t(is_slim ? "river.inside.logit_of_short" : "river.inside.logit_of", values)];
  }
  if (part.kind === "embedding") {
    const [token, position, sum] = [data.token, data.position, data.sum].map(
      (vector) => vector && digits(vector.data[item]),
    );
    return after_name(position ? `${token} + ${inBrackets(position)} = ${sum}` : sum);
  }
  const [x, normed, gain, bias, y] = [data.input, data.normed, data.gain, data.bias, data.output].map(
    (vector) => vector?.data[item],
  );
  const is_short = is_slim && Math.max(...[x, normed, y].map(Math.abs)) < 1000;
  // Two decimals are the shortest that still say something.
  const n = is_short ? (/** @type {number} */ value) => formatDecimals(value, language, 2) : digits;
  const spread = n(Math.sqrt(data.variance + data.epsilon));
  const from = data.bias ? `(${n(x)} − ${inBrackets(n(data.mean))})` : n(x);
  const last = data.bias
    ? `${n(normed)} × ${inBrackets(n(gain))} + ${inBrackets(n(bias))}`
    : `${n(normed)} × ${inBrackets(n(gain))}`;
  return [...after_name(`${from} ÷ ${spread} = ${n(normed)}`), `${last} = ${n(y)}`];
}

/** The same as a sentence. @param {OpenedData} opened @param {number} item @param {Language} language */
export function wordsOfItem(opened, item, language) {
  const { part, data } = opened;
  if (part.kind !== "mlp") {
    return t("river.said_number", { words: linesOfNumber(opened, item, language).join(t("river.then")) });
  }
  const share = data.writes.data[item] / data.after_length;
  return t(`river.said_neuron_${share < 0 ? "takes" : "adds"}`, {
    index: ordinal(item),
    before: formatValue(data.before.data[item], language, 3),
    after: formatValue(data.after.data[item], language, 3),
    share: formatShare(Math.abs(share), language),
  });
}
