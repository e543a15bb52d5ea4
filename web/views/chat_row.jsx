import { t } from "../i18n/translate.js";
import { usePage } from "./page_context.js";

/** A switch for models that know conversations. */
export function ChatSwitch() {
  const { state, actions } = usePage();
  if (!state.has_chat.value) return null;
  return (
    <button
      type="button"
      class="quiet chat-switch"
      aria-expanded={state.is_chat_open.value}
      aria-controls="chat"
      onClick={actions.toggleChat}
    >
      {t("chat.open")}
    </button>
  );
}

/** A field for what the reader says; it becomes a text with the model's own markers, in the box above. */
export function ChatRow() {
  const { state, selectors, actions } = usePage();
  if (!state.has_chat.value || !state.is_chat_open.value) return null;
  const is_busy =
    !selectors.is_live.value || state.activity.value === "playing" || state.activity.value === "generating";
  return (
    <form
      id="chat"
      class="chat-row"
      onSubmit={(event) => {
        event.preventDefault();
        if (!is_busy) actions.ask();
      }}
    >
      <label class="visually-hidden" for="chat-message">
        {t("chat.message")}
      </label>
      <input
        id="chat-message"
        type="text"
        dir="auto"
        autocomplete="off"
        aria-describedby="chat-note"
        placeholder={t("chat.placeholder")}
        value={state.chat_draft.value}
        onInput={(event) => actions.setChatDraft(event.currentTarget.value)}
      />
      <button type="submit" disabled={is_busy || state.chat_draft.value.trim() === ""}>
        {t("chat.ask")}
      </button>
      <p id="chat-note">{t("chat.note")}</p>
    </form>
  );
}
