import { formatMegabytes } from "../format.js";
import { t } from "../i18n/translate.js";
import { Icon } from "./icon.jsx";
import { ModelTransfer } from "./model_transfer.jsx";
import { usePage } from "./page_context.js";

/** The model in use, and beside it whatever is on its way. */
export function ModelPicker() {
  const { state, selectors, actions } = usePage();
  const model = selectors.model.value;
  const under_way = state.models.value.filter(
    ({ name, state: model_state }) => name !== model?.name && (model_state === "loading" || model_state === "paused"),
  );
  return (
    <div class="model-picker">
      <button type="button" class="pill" aria-haspopup="dialog" onClick={() => actions.openPanel("models")}>
        <span class={`dot dot-${model?.state ?? "loading"}`} aria-hidden="true" />
        <span class="visually-hidden">{t("models.open")}</span>
        <span class="pill-words">
          {model ? model.display_name : t("models.starting")}
          {model && <span class="pill-state">{modelStateWords(model, state.language.value)}</span>}
        </span>
        <Icon name="down" />
      </button>
      {under_way.map((other) => (
        <ModelTransfer key={other.name} model={other} />
      ))}
    </div>
  );
}

/** @param {import("../state/types.js").Model} model @param {import("../state/types.js").Language} language */
export function modelStateWords(model, language) {
  return t(`models.state.${model.state}`, { megabytes: formatMegabytes(model.bytes, language) });
}
