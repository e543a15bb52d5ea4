import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { scaleLimit } from "../../layout/strip.js";
import { usePage } from "../page.js";

/** What thickness and colour mean. */
export function FlowLegend() {
  const { state } = usePage();
  const stream = state.flow.value?.tensors.get("resid_pre");
  const limit = stream ? formatNumber(scaleLimit(stream.data), state.language.value, 2) : "";
  return (
    <ul class="flow-legend">
      <li><span class="legend-mark legend-value" aria-hidden="true" />{t("flow.legend.value")}</li>
      <li><span class="legend-mark legend-added" aria-hidden="true" />{t("flow.legend.added")}</li>
      <li><span class="legend-mark legend-self" aria-hidden="true" />{t("flow.legend.self")}</li>
      <li>
        <span class="legend-ramp" aria-hidden="true" />
        {t(state.flow.value?.tensors.has("resid_pre") ? "flow.legend.strips_range" : "flow.legend.strips", { limit })}
      </li>
      <li title={t("flow.legend.dropout_why")}><span class="legend-dropout" aria-hidden="true" />{t("flow.legend.dropout")}</li>
    </ul>
  );
}
