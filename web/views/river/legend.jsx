import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";
import { RiverSave } from "./river_save.jsx";

/**
 * What colours and thickness mean; in its place, what is pointed at.
 * @param {{list: import("../../layout/river/frame.js").Frame["list"]}} props
 */
export function Legend({ list }) {
  const { state, actions } = usePage();
  const river = state.river.value;
  const words = state.read_out.value;
  const answer = river ? nameOf(river.labels.get(river.data.answer) ?? "") : "";
  return (
    <div class="river-legend">
      {words !== null && <p class="read-out">{words}</p>}
      <ul class={words === null ? "" : "covered"}>
        <li>
          <span class="key key-water" aria-hidden="true" />
          {t("river.legend.stream")}
        </li>
        <li>
          <span class="key key-attention" aria-hidden="true" />
          {t("river.legend.attention")}
        </li>
        <li>
          <span class="key key-mlp" aria-hidden="true" />
          {t("river.legend.mlp")}
        </li>
        <li>
          <span class="key key-taken" aria-hidden="true" />
          {t("river.legend.taken")}
        </li>
        <li class="legend-words">{t("river.legend.thickness", { answer })}</li>
      </ul>
      <div class="river-tools">
        <button type="button" class="quiet" onClick={actions.toggleRiverTable}>
          {t(state.is_river_table.value ? "attention.as_figure" : "attention.as_table")}
        </button>
        {river && <RiverSave list={list} />}
      </div>
    </div>
  );
}
