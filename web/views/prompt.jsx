import { t } from "../i18n/translate.js";
import { GenerateControls } from "./generate_controls.jsx";
import { usePage } from "./page.js";
import { StatusLine } from "./status_line.jsx";
import { TokenChips } from "./token_chips.jsx";

/** The text, its tokens, and what can be done with them. */
export function Prompt() {
  const { state, actions } = usePage();

  /** Enter draws a token; with Shift it is a line break. @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void actions.generate();
  };

  return (
    <section class="prompt" aria-labelledby="prompt-title">
      <div class="prompt-text">
        <div class="prompt-head">
          <h2 id="prompt-title"><label for="text">{t("prompt.title")}</label></h2>
          <ExampleMenu />
        </div>
        <textarea
          id="text"
          rows={1}
          spellcheck={false}
          aria-describedby="text-hint token-count"
          placeholder={t("prompt.placeholder")}
          value={state.text.value}
          onInput={(event) => actions.setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <p id="text-hint" class="hint">{t("prompt.hint")}</p>
      </div>
      <GenerateControls />
      <TokenChips />
      <StatusLine />
    </section>
  );
}

/** Texts to try. */
function ExampleMenu() {
  const { state, actions } = usePage();
  const examples = state.examples.value;
  const chosen = examples.find(({ text }) => text === state.text.value);
  return (
    <label class="choice">
      <span class="visually-hidden">{t("prompt.examples")}</span>
      <select
        value={chosen?.file ?? ""}
        disabled={examples.length === 0}
        onChange={(event) => actions.showExample(event.currentTarget.value)}
      >
        <option value="" disabled hidden>{t("prompt.examples")}</option>
        {examples.map(({ file, text }) => <option key={file} value={file}>{text}</option>)}
      </select>
    </label>
  );
}
