import { t } from "../../i18n/translate.js";
import { kindOf, stagesOf } from "../../state/kinds.js";
import { usePage } from "../page_context.js";

/** @type {import("../../state/river_state.js").PatternStage[]} */
const STAGES = ["products", "scaled", "masked", "softmax"];

/**
 * Below the pattern of an open block: what it shows, in the order it is computed.
 * @param {{left: number, top: number}} props px
 */
export function PatternStages({ left, top }) {
  const { state, actions } = usePage();
  return (
    <div
      class="segments"
      role="group"
      aria-label={t("river.stage.label")}
      style={{ left: `${left}px`, top: `${top}px` }}
    >
      {STAGES.map((stage) => (
        <button
          key={stage}
          type="button"
          aria-pressed={state.pattern_stage.value === stage}
          onClick={() => actions.showStage(stage)}
        >
          {t(`river.stage_short.${stage}`)}
        </button>
      ))}
    </div>
  );
}

/** The stages of the model, each to be unfolded below. */
export function StageButtons() {
  const { state, actions } = usePage();
  const shape = state.model_shape.value;
  return (
    <div class="stages" role="group" aria-labelledby="stages-label">
      <span id="stages-label">{t("river.stages")}</span>
      {stagesOf(shape)
        // That one has a tab of its own.
        .filter((name) => name !== "sampling")
        .map((name) => (
          <button
            key={name}
            type="button"
            class="quiet"
            aria-pressed={state.open_section.value === name}
            onClick={() => actions.openSection(name)}
          >
            {t(`section_title.${name}`, kindOf(shape, name))}
          </button>
        ))}
    </div>
  );
}
