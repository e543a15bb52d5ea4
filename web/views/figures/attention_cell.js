import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";

/**
 * What a cell of an attention pattern says under the cursor: whose query, whose key, and how much.
 * @param {string[]} labels of the tokens @param {(value: number) => string} format
 * @returns {(place: {row: number, column: number}, value: number) => string}
 */
export const attentionCell =
  (labels, format) =>
  ({ row, column }, value) =>
    t("section_attention_cell", {
      query: labels[row],
      query_position: ordinal(row),
      key: labels[column],
      key_position: ordinal(column),
      value: format(value),
    });
