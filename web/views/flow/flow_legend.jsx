import { t } from "../../i18n/translate.js";

/** What thickness, length and colour mean. @param {{is_story: boolean}} props */
export function FlowLegend({ is_story }) {
  return (
    <ul class="flow-legend">
      {is_story ? (
        <li>
          <span class="legend-mark legend-added" aria-hidden="true" />
          {t("flow.legend.bars")}
        </li>
      ) : (
        <>
          <li>
            <span class="legend-mark legend-value" aria-hidden="true" />
            {t("flow.legend.value")}
          </li>
          <li>
            <span class="legend-mark legend-added" aria-hidden="true" />
            {t("flow.legend.added")}
          </li>
          <li>
            <span class="legend-mark legend-self" aria-hidden="true" />
            {t("flow.legend.self")}
          </li>
        </>
      )}
      <li>
        <span class="legend-ramp" aria-hidden="true" />
        {t(is_story ? "flow.legend.strips_story" : "flow.legend.strips")}
      </li>
      <li title={t("flow.legend.dropout_why")}>
        <span class="legend-dropout" aria-hidden="true" />
        {t("flow.legend.dropout")}
      </li>
    </ul>
  );
}
