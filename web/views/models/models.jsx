import { formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { Choice } from "../changes/choice.jsx";
import { attentionCell } from "../figures/attention_cell.js";
import { Bars } from "../figures/bars.jsx";
import { HeadChoice } from "../figures/head_choice.jsx";
import { Matrix } from "../figures/matrix.jsx";
import { ModelLoad } from "../model_load.jsx";
import { modelStateWords } from "../model_picker.jsx";
import { usePage } from "../page_context.js";
import { nameOf } from "../river/names.js";
import { TokenLabel } from "../token_label.jsx";
import { Cuts } from "./cuts.jsx";
import { titleOf } from "./title.js";

/** @typedef {import("../../state/answers_state.js").Answer} Answer */

/** The text in two models: the one in use, and what another said of it while it was loaded. */
export function Models() {
  const { state } = usePage();
  const name = state.model_name.value;
  const answers = state.answers.value;
  const present = answers.find(({ model }) => model === name);
  const kept = answers.filter(({ model }) => model !== name);
  const beside = kept.find(({ model }) => model === state.beside_model.value) ?? kept.at(-1);
  const others = state.models.value.filter((model) => model.name !== name);
  return (
    <section class="texts" aria-labelledby="models-tab-title">
      <h2 id="models-tab-title">{t("two_models.title")}</h2>
      <p class="hint">{t("two_models.intro")}</p>
      {!beside && <p>{t(others.length > 0 ? "two_models.how" : "two_models.alone")}</p>}
      <ul class="model-list two-models-list" aria-label={t("two_models.others")}>
        {others.map((model) => (
          <OtherModel key={model.name} model={model} is_kept={kept.some((answer) => answer.model === model.name)} />
        ))}
      </ul>
      {kept.length > 1 && beside && <BesideChoice kept={kept} beside={beside} />}
      {present && beside && <Beside present={present} kept={beside} />}
    </section>
  );
}

/** @param {{model: import("../../state/types.js").Model, is_kept: boolean}} props */
function OtherModel({ model, is_kept }) {
  const language = usePage().state.language.value;
  return (
    <li class="model-row">
      <div>
        <strong>{model.display_name}</strong>
        <span class="model-row-state">
          {modelStateWords(model, language)}
          {is_kept && ` · ${t("two_models.has_answer")}`}
        </span>
      </div>
      <ModelLoad model={model} />
    </li>
  );
}

/** @param {{kept: Answer[], beside: Answer}} props */
function BesideChoice({ kept, beside }) {
  const { actions } = usePage();
  return (
    <div class="cut-controls">
      <Choice
        words={t("two_models.beside")}
        value={kept.indexOf(beside)}
        options={kept.map(({ display_name }, value) => ({ value, words: display_name }))}
        onChoose={(index) => actions.setBeside(kept[index].model)}
      />
    </div>
  );
}

/** @param {{present: Answer, kept: Answer}} props */
function Beside({ present, kept }) {
  const { state, selectors } = usePage();
  const language = state.language.value;
  const is_waiting =
    present.run !== state.run.value ||
    present.layer !== state.layer.value ||
    present.head !== state.head.value ||
    !selectors.is_run_current.value;
  const sides = [present, kept];
  const [here, there] = sides.map(({ said }) => new Set(said.map(({ label }) => label)));
  const shared = [...here].filter((label) => there.has(label));
  const end = Math.max(...sides.map(({ said }) => said[0].own));
  return (
    <div class={is_waiting ? "stale" : ""} aria-busy={is_waiting}>
      <Cuts present={present} kept={kept} />
      <h3>{t("two_models.said")}</h3>
      <p class="hint">
        {t("two_models.said_intro")}{" "}
        {shared.length > 0 &&
          t("two_models.on_both", { tokens: shared.map((label) => `“${nameOf(label)}”`).join(" ") })}
      </p>
      <div class="texts-beside">
        {sides.map((answer) => (
          <Bars
            key={answer.model}
            title={titleOf(answer, answer === kept)}
            axis={t("two_models.probability")}
            role="attention"
            end={end}
            format={formatShare}
            rows={answer.said.map(({ label, own }) => ({
              label: <TokenLabel label={label} />,
              words: label,
              value: own,
            }))}
            note={<Notes answer={answer} language={language} />}
          />
        ))}
      </div>
      <h3>{t("two_models.pattern")}</h3>
      <p class="hint">{t("two_models.pattern_intro")}</p>
      <HeadChoice />
      <div class="texts-beside">
        {sides.map((answer) => (
          <Pattern key={answer.model} answer={answer} is_kept={answer === kept} language={language} />
        ))}
      </div>
    </div>
  );
}

/** @param {{answer: Answer, language: import("../../state/types.js").Language}} props */
function Notes({ answer, language }) {
  const left = 1 - answer.said.reduce((sum, { own }) => sum + own, 0);
  return (
    <>
      <p>{t("two_models.rest", { count: answer.n_others, share: formatShare(Math.max(0, left), language) })}</p>
      {(answer.run.changes?.length ?? 0) > 0 && <p>{t("two_models.changed")}</p>}
    </>
  );
}

/** @param {{answer: Answer, is_kept: boolean, language: import("../../state/types.js").Language}} props */
function Pattern({ answer, is_kept, language }) {
  const labels = answer.run.tokens.map(({ label }) => nameOf(label));
  return (
    <Matrix
      title={`${titleOf(answer, is_kept)}: ${t("two_models.head", { block: ordinal(answer.layer), head: ordinal(answer.head) })}`}
      tensor={answer.pattern}
      row_labels={labels}
      column_labels={labels}
      row_axis={t("section_axis.query")}
      column_axis={t("section_axis.key")}
      role="attention"
      is_sequential
      describe={attentionCell(labels, (value) => formatShare(value, language))}
    />
  );
}
