import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { Choice } from "../changes/choice.jsx";
import { usePage } from "../page_context.js";

/** Block and head in two lists, for figures of the head that is chosen. */
export function HeadChoice() {
  const { state, actions } = usePage();
  const shape = state.model_shape.value;
  if (!shape) return null;
  const numbered = (/** @type {number} */ length) =>
    Array.from({ length }, (_, index) => ({ value: index, words: String(ordinal(index)) }));
  return (
    <div class="cut-controls">
      <Choice
        words={t("change.block")}
        value={state.layer.value}
        options={numbered(shape.n_layer)}
        onChoose={actions.selectLayer}
      />
      <Choice
        words={t("texts.head")}
        value={state.head.value}
        options={numbered(shape.n_head)}
        onChoose={actions.selectHead}
      />
    </div>
  );
}
