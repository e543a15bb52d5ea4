import { formatNumber, formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";

const TIP_PX = 250;

/**
 * What is under the pointer: name, shape, index and value.
 * @param {{tokens: import("../../state/types.js").Token[], width: number}} props
 */
export function ValueTip({ tokens, width }) {
  const { state } = usePage();
  const at = state.pointed_value.value;
  const language = state.language.value;
  const label = at ? (tokens[at.row]?.label ?? "") : "";
  const is_weight = at?.name === "attention_pattern";
  const x = Math.max(0, Math.min(width - TIP_PX, (at?.x ?? 0) - TIP_PX / 2));
  const y = at && at.y > 90 ? at.y - 62 : (at?.y ?? 0) + 34;
  return (
    <div
      class={at ? "flow-tip shown" : "flow-tip"}
      id="flow-value"
      role="status"
      style={{ transform: `translate(${x}px, ${y}px)`, width: `${TIP_PX}px` }}
    >
      {at && (
        <>
          <strong>
            {is_weight
              ? t("flow.weight_at", {
                  query: label,
                  key: tokens[at.index]?.label ?? "",
                  share: formatShare(at.value, language),
                })
              : t("flow.value_at", {
                  index: ordinal(at.index),
                  value: formatNumber(at.value, language, 3).replace("-", "−"),
                })}
          </strong>
          <span>{t("flow.value_of", { name: at.name, shape: at.shape.join(" × "), label })}</span>
        </>
      )}
    </div>
  );
}
