import { useEffect, useRef } from "preact/hooks";
import { formatShare } from "../format.js";
import { t } from "../i18n/translate.js";
import { sentencePieces } from "../layout/sentence.js";
import { ChatRow } from "./chat_row.jsx";
import { GenerateControls } from "./generate_controls.jsx";
import { usePage } from "./page_context.js";
import { surpriseStyle } from "./past/surprise.js";
import { ProblemNote } from "./problem_note.jsx";
import { Caption } from "./river/caption.jsx";
import { nameOf } from "./river/names.js";

// Letters get smaller so that text and prediction stay on few lines.
const SIZES = [
  { above: 400, name: "longest" },
  { above: 54, name: "longer" },
  { above: 34, name: "long" },
];

/** The text, as the model reads it and as a field to write in, and what can be done with it. */
export function Sentence() {
  const { state, actions } = usePage();
  const field = useRef(/** @type {HTMLDivElement | null} */ (null));

  /** Enter draws a token; with Shift it is a line break. @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void actions.generate();
  };

  /** The token under the pointer: the letters stand below the field that is written in. @param {PointerEvent} event */
  const onPointerMove = (event) => {
    const under = document
      .elementsFromPoint(event.clientX, event.clientY)
      .find((element) => element instanceof HTMLElement && element.dataset.token);
    const token = under instanceof HTMLElement ? Number(under.dataset.token) : null;
    if (state.pointed_token.peek() !== token) actions.pointAtToken(token);
  };

  const length = state.text.value.length;
  // The end of a long text is where things happen.
  useEffect(() => {
    if (field.current && document.activeElement?.id !== "text") field.current.scrollTop = field.current.scrollHeight;
  }, [length]);

  const size = SIZES.find(({ above }) => length > above)?.name ?? "";
  return (
    <section class="sentence" aria-labelledby="text-title" data-tour="text">
      <h2 id="text-title" class="visually-hidden">
        <label for="text">{t("prompt.title")}</label>
      </h2>
      <div class={`sentence-field ${size}`} ref={field}>
        <div class="sentence-stack">
          <Tokens />
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
            onPointerMove={onPointerMove}
            onPointerLeave={() => actions.pointAtToken(null)}
          />
        </div>
      </div>
      <GenerateControls />
      <ChatRow />
      <ProblemNote />
      <div class="sentence-foot">
        <Caption />
      </div>
    </section>
  );
}

/** The same letters below the field: a line under each token, and the likeliest next one in its place. */
function Tokens() {
  const { state, selectors } = usePage();
  const text = state.text.value;
  const run = state.run.value;
  const is_current = selectors.is_run_current.value;
  const n_prompt = is_current ? (run?.n_prompt ?? 0) : Infinity;
  const preview = state.preview.value;
  const known = is_current && run ? { text: run.text, tokens: run.tokens } : preview.kind === "tokens" ? preview : null;
  const chosen = is_current ? selectors.query.value : -1;
  const pointed = state.pointed_token.value;
  const owns = state.is_coloured.value ? selectors.token_owns.value : [];
  const likeliest = is_current && !selectors.is_full.value ? state.prediction.value?.candidates[0] : undefined;
  return (
    <div class="sentence-tokens" aria-hidden="true" data-tour="tokens">
      {sentencePieces(text, known).map(({ space, word, token }, index) =>
        token === null ? (
          word
        ) : (
          <span key={index} data-token={token}>
            {space}
            <span
              style={surpriseStyle(owns[token] ?? null)}
              class={`word-piece ${token === chosen ? "chosen" : ""} ${token === pointed ? "pointed" : ""} ${token >= n_prompt ? "added" : ""} ${known?.tokens[token]?.is_mark ? "end-mark" : ""}`}
            >
              {word}
            </span>
          </span>
        ),
      )}
      {likeliest && text !== "" && (
        <span class="prediction">
          <span class="word-piece">{nameOf(likeliest.label)}</span>
          <small>{formatShare(likeliest.own, state.language.value)}</small>
        </span>
      )}
      {/* A line that ends in a break is as high as a written one. */}
      {"\u200b"}
    </div>
  );
}
