import { useRef } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { STORY_BELOW_PX } from "../../layout/flow/columns.js";
import { CardTitle } from "../card_title.jsx";
import { usePage } from "../page_context.js";
import { useSize } from "../use_size.js";
import { FlowLegend } from "./flow_legend.jsx";
import { FlowSheet } from "./flow_sheet.jsx";
import { FlowSave, FlowTable } from "./flow_table.jsx";
import { Story } from "./story.jsx";

/** The whole model on one screen: from the tokens to the next one. */
export function Flow() {
  const { state, selectors, actions } = usePage();
  const data = state.flow.value;
  const is_table = state.is_flow_table_shown.value;
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { width, height } = useSize(room);
  const is_story = width < STORY_BELOW_PX;
  return (
    <section class="card flow" aria-labelledby="flow-title">
      <div class="card-head flow-head">
        <CardTitle id="flow-title" words={t("flow.title")} />
        <p class="flow-intro">{t("flow.intro")}</p>
        <div class="flow-tools">
          <button type="button" class="quiet" onClick={actions.toggleMeanOfHeads}>
            {t(state.is_mean_of_heads.value ? "flow.one_head" : "flow.mean_of_heads")}
          </button>
          <button type="button" class="quiet" onClick={() => actions.openSection("heads")}>
            {t("flow.all_heads")}
          </button>
          <button type="button" class="quiet" onClick={actions.toggleFlowTable}>
            {t(is_table ? "attention.as_figure" : "attention.as_table")}
          </button>
          {data && <FlowSave data={data} />}
        </div>
      </div>
      <div
        class={is_story || is_table ? "flow-room flow-room-free" : "flow-room"}
        ref={room}
        aria-busy={data !== null && !selectors.is_flow_current.value}
      >
        {data && width > 0 && is_table && <FlowTable data={data} />}
        {data &&
          width > 0 &&
          !is_table &&
          (is_story ? <Story data={data} width={width} /> : <FlowSheet data={data} width={width} height={height} />)}
      </div>
      {!is_table && <FlowLegend is_story={is_story} />}
    </section>
  );
}
