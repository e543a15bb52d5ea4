import { t } from "../i18n/translate.js";
import { LANGUAGES, THEMES } from "../state/limits.js";
import { ModelPicker } from "./model_picker.jsx";
import { usePage } from "./page_context.js";
import { StatusLine } from "./status_line.jsx";

/** Name, model, language, theme, about. */
export function Header() {
  const { state, actions } = usePage();
  return (
    <header class="header">
      <div class="brand">
        <h1 class="brand-name">{t("name")}</h1>
        <p class="brand-line">{t("tagline")}</p>
      </div>
      <ModelPicker />
      <ExampleMenu />
      <StatusLine />
      <nav class="header-tools" aria-label={t("settings")}>
        <Choice
          label={t("language.label")}
          value={state.language.value}
          values={LANGUAGES}
          words="language"
          onChange={actions.setLanguage}
        />
        <Choice
          label={t("theme.label")}
          value={state.theme.value}
          values={THEMES}
          words="theme"
          onChange={actions.setTheme}
        />
        <button type="button" class="quiet" onClick={() => actions.goToStop(0)}>
          {t("tour.open")}
        </button>
        <button type="button" class="quiet" onClick={() => actions.openPanel("share")}>
          {t("share.open_panel")}
        </button>
        <button type="button" class="quiet" onClick={() => actions.openPanel("about")}>
          {t("about.open")}
        </button>
      </nav>
    </header>
  );
}

/**
 * A menu of a few words.
 * @template {string} Value
 * @param {{label: string, value: Value, values: readonly Value[], words: string,
 *   onChange: (value: Value) => void}} props `words`: where in the translations the names of the values are
 */
function Choice({ label, value, values, words, onChange }) {
  return (
    <label class="choice">
      <span class="visually-hidden">{label}</span>
      <select value={value} onChange={(event) => onChange(/** @type {Value} */ (event.currentTarget.value))}>
        {values.map((name) => (
          <option key={name} value={name}>
            {t(`${words}.${name}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Texts to try. */
function ExampleMenu() {
  const { state, actions } = usePage();
  const examples = state.examples.value;
  return (
    <label class="choice">
      <span class="visually-hidden">{t("prompt.examples")}</span>
      <select
        name="example"
        value=""
        disabled={examples.length === 0}
        onChange={(event) => {
          void actions.showExample(event.currentTarget.value);
          // A menu rather than a choice: it always says what it is for.
          event.currentTarget.value = "";
        }}
      >
        <option value="" disabled hidden>
          {t("prompt.examples")}
        </option>
        {examples.map(({ file, text }) => (
          <option key={file} value={file}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
