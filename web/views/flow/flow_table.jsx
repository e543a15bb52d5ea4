import { formatNumber, formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { CardSave } from "../card_save.jsx";
import { usePage } from "../page_context.js";
import { useWeights } from "./use_weights.js";

/** @typedef {{weight: number | undefined, attention: number | undefined, mlp: number | undefined, norm: number | undefined}} Row */

const COLUMNS = /** @type {const} */ (["weight", "attention", "mlp", "norm"]);

/**
 * The flow's ribbons as numbers: for every token what the chosen one takes from it, and what the block adds to it.
 * @param {{data: import("../../state/flow_state.js").FlowData}} props
 */
export function FlowTable({ data }) {
  const { state } = usePage();
  const language = state.language.value;
  const { rows, caption } = useFlowNumbers(data);
  const share = (/** @type {number | undefined} */ value) => (value === undefined ? "" : formatShare(value, language));
  return (
    <div class="table-scroll flow-table" tabIndex={0} role="group" aria-labelledby="flow-title">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t("flow.table.token")}</th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {t(`flow.table.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ weight, attention, mlp, norm }, position) => (
            <tr key={position}>
              <th scope="row">{data.run.tokens[position].label}</th>
              <td>{share(weight)}</td>
              <td>{share(attention)}</td>
              <td>{share(mlp)}</td>
              <td>{norm === undefined ? "" : formatNumber(norm, language, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The flow as a file. @param {{data: import("../../state/flow_state.js").FlowData}} props */
export function FlowSave({ data }) {
  const { rows, caption } = useFlowNumbers(data);
  return (
    <CardSave
      numbers={() => ({
        title: t("flow.title"),
        corner: caption,
        columns: COLUMNS.map((name) => t(`flow.table.${name}`)),
        rows: rows.map((row, position) => ({
          label: data.run.tokens[position].label,
          cells: COLUMNS.map((name) => row[name]),
        })),
      })}
    />
  );
}

/** @param {import("../../state/flow_state.js").FlowData} data @returns {{rows: Row[], caption: string}} a row for each token */
function useFlowNumbers(data) {
  const { state, selectors } = usePage();
  const weights = useWeights(data);
  const { tokens } = data.run;
  const query = Math.min(selectors.query.value, tokens.length - 1);
  const stream = data.tensors.get("resid_post");
  const rows = tokens.map((_, position) => {
    const width = stream?.shape[1] ?? 0;
    return {
      weight: weights && position <= query ? weights[query * tokens.length + position] : undefined,
      attention: data.contributions?.attention.data[data.layer * tokens.length + position],
      mlp: data.contributions?.mlp.data[data.layer * tokens.length + position],
      norm: stream && Math.hypot(...stream.data.subarray(position * width, (position + 1) * width)),
    };
  });
  const caption = t(state.is_mean_of_heads.value ? "flow.table.caption_mean" : "flow.table.caption", {
    block: ordinal(data.layer),
    head: ordinal(state.head.value),
    label: tokens[query].label,
  });
  return { rows, caption };
}
