import { t } from "../i18n/translate.js";
import { Dialog } from "./dialog.jsx";
import { modelStateWords } from "./model_picker.jsx";
import { ModelTransfer } from "./model_transfer.jsx";
import { OfflinePart } from "./offline_part.jsx";
import { usePage } from "./page_context.js";
import { problemWords } from "./problem_line.jsx";

/** Every model of this site, its size and its state. */
export function ModelsDialog() {
  const { state } = usePage();
  return (
    <Dialog panel="models" title={t("models.title")}>
      <p>
        {t("models.intro")}{" "}
        <a href="starter-model.txt" target="_blank" rel="noopener">
          {t("models.about_starter")}
        </a>
      </p>
      <ul class="model-list">
        {state.models.value.map((model) => (
          <ModelRow key={model.name} model={model} />
        ))}
      </ul>
      <OfflinePart />
    </Dialog>
  );
}

/** @param {{model: import("../state/types.js").Model}} props */
function ModelRow({ model }) {
  const { state, actions } = usePage();
  const is_in_use = model.name === state.model_name.value;
  const is_under_way = model.state === "loading" || model.state === "paused";
  return (
    <li class="model-row" aria-current={is_in_use ? "true" : undefined}>
      <div>
        <strong>{model.display_name}</strong>
        <span class="model-row-state">
          {is_in_use && model.state === "ready" ? t("models.in_use") : modelStateWords(model, state.language.value)}
        </span>
        {model.problem && (
          <p class="model-row-problem" role="alert">
            {problemWords(model.problem)}
          </p>
        )}
      </div>
      {is_under_way && <ModelTransfer model={model} />}
      {!is_under_way && !(is_in_use && model.state === "ready") && (
        <button type="button" onClick={() => actions.useModel(model.name)}>
          {t(`models.act.${model.state}`)}
        </button>
      )}
    </li>
  );
}
