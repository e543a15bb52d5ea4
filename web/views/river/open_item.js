import { formatShare, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { mostActive } from "../../layout/river/open_mlp.js";

/**
 * The neurons, numbers or candidates in what is open: which there are, what is said of one, and the cell whose sum it opens.
 *
 * @typedef {import("../../state/river_state.js").OpenedData} OpenedData
 */

/** In the order in which arrow keys go through them; the first is looked at first. @param {OpenedData} opened @returns {number[]} */
export function itemsOf({ part, data }) {
  if (part.kind === "mlp") return mostActive(data.after.data);
  return [];
}

/** @param {OpenedData} opened @param {number} item @returns {import("../../state/exploring.js").ExplainedCell | null} */
export function cellOfItem({ part, position }, item) {
  if (part.kind === "mlp") return { name: "mlp_post", layer: part.layer, head: null, row: position, column: item };
  return null;
}

/** @param {OpenedData} opened @param {number} item @param {import("../../state/types.js").Language} language */
export function wordsOfItem({ part, data }, item, language) {
  if (part.kind === "mlp") {
    const share = data.writes.data[item] / data.after_length;
    return t(`river.said_neuron_${share < 0 ? "takes" : "adds"}`, {
      index: ordinal(item),
      before: formatValue(data.before.data[item], language, 3),
      after: formatValue(data.after.data[item], language, 3),
      share: formatShare(Math.abs(share), language),
    });
  }
  return null;
}
