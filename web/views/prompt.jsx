import { t } from "../i18n/translate.js";
import { GenerateControls } from "./generate_controls.jsx";
import { usePage } from "./page_context.js";
import { ProblemNote } from "./problem_note.jsx";
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
      <div class="prompt-head">
        <h2 id="prompt-title">
          <label for="text">{t("prompt.title")}</label>
        </h2>
        <ExampleMenu />
        <StatusLine />
        <TokenCount />
      </div>
      <ProblemNote />
      <textarea
        id="text"
        rows={1}
        dir="auto"
        spellcheck={false}
        aria-describedby="text-hint token-count"
        placeholder={t("prompt.placeholder")}
        value={state.text.value}
        onInput={(event) => actions.setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <GenerateControls />
      <TokenChips />
    </section>
  );
}

/** How much of what the model can read is used. */
function TokenCount() {
  const { selectors } = usePage();
  const count = selectors.n_tokens.value;
  const n_ctx = selectors.n_ctx.value;
  const words =
    count === null
      ? t("tokens.count_waiting")
      : n_ctx === null
        ? t("tokens.count", { count })
        : t("tokens.count_of", { count, n_ctx });
  return (
    <p id="token-count" class={selectors.is_too_long.value ? "token-count over" : "token-count"}>
      {words}
    </p>
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
