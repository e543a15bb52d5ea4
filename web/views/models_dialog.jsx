import { formatNumber } from "../format.js";
import { hasWords, t } from "../i18n/translate.js";
import { Dialog } from "./dialog.jsx";
import { ModelCompute } from "./model_compute.jsx";
import { ModelLoad } from "./model_load.jsx";
import { modelStateWords } from "./model_picker.jsx";
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

/** What a model is good for, how large it is, whose it is. @param {{model: import("../state/types.js").Model}} props */
function Facts({ model }) {
  const { name, parameters, licence, source } = model;
  const good_for = `models.good_for.${name}`;
  const millions = formatNumber((parameters ?? 0) / 1e6, usePage().state.language.value);
  return (
    <p class="model-row-facts">
      {hasWords(good_for) && <span>{t(good_for)}</span>}
      {parameters && <span>{t("models.parameters", { millions })}</span>}
      {licence && <span>{t("models.licence", { licence })}</span>}
      {source && <span class="model-row-source">{t("models.source", { source })}</span>}
    </p>
  );
}

/** @param {{model: import("../state/types.js").Model}} props */
function ModelRow({ model }) {
  const { state } = usePage();
  const is_in_use = model.name === state.model_name.value;
  return (
    <li class="model-row" aria-current={is_in_use ? "true" : undefined}>
      <div>
        <strong>{model.display_name}</strong>
        <span class="model-row-state">
          {is_in_use && model.state === "ready" ? t("models.in_use") : modelStateWords(model, state.language.value)}
        </span>
        <Facts model={model} />
        {model.problem && (
          <p class="model-row-problem" role="alert">
            {problemWords(model.problem)}
          </p>
        )}
      </div>
      {is_in_use && model.compute && <ModelCompute model={{ ...model, compute: model.compute }} />}
      {!(is_in_use && model.state === "ready") && <ModelLoad model={model} />}
    </li>
  );
}
