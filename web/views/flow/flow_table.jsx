import { formatNumber, formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page.js";
import { useWeights } from "./use_weights.js";

/**
 * The flow's ribbons as numbers: for every token what the chosen one takes from it, and what the block adds to it.
 * @param {{data: import("../../state/flow.js").FlowData}} props
 */
export function FlowTable({ data }) {
  const { state, selectors } = usePage();
  const language = state.language.value;
  const weights = useWeights(data);
  const { tokens } = data.run;
  const query = Math.min(selectors.query.value, tokens.length - 1);
  const share = (/** @type {import("../../state/types.js").Tensor | undefined} */ tensor, /** @type {number} */ position) =>
    tensor ? formatShare(tensor.data[data.layer * tokens.length + position], language) : "";
  return (
    <div class="table-scroll flow-table" tabIndex={0} role="group" aria-labelledby="flow-title">
      <table>
        <caption>
          {t(state.is_mean_of_heads.value ? "flow.table.caption_mean" : "flow.table.caption", {
            block: ordinal(data.layer), head: ordinal(state.head.value), label: tokens[query].label,
          })}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t("flow.table.token")}</th>
            <th scope="col">{t("flow.table.weight")}</th>
            <th scope="col">{t("flow.table.attention")}</th>
            <th scope="col">{t("flow.table.mlp")}</th>
            <th scope="col">{t("flow.table.norm")}</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map(({ label }, position) => (
            <tr key={position}>
              <th scope="row">{label}</th>
              <td>{weights && position <= query && formatShare(weights[query * tokens.length + position], language)}</td>
              <td>{share(data.contributions?.attention, position)}</td>
              <td>{share(data.contributions?.mlp, position)}</td>
              <td>{lengthOf(data.tensors.get("resid_post"), position, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** @param {import("../../state/types.js").Tensor | undefined} tensor @param {number} position @param {import("../../state/types.js").Language} language */
function lengthOf(tensor, position, language) {
  if (!tensor) return "";
  const width = tensor.shape[1];
  return formatNumber(Math.hypot(...tensor.data.subarray(position * width, (position + 1) * width)), language, 2);
}
