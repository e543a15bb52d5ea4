import { batch } from "@preact/signals";
import { reporting } from "./problems.js";

/** @typedef {import("../client/python_api.js").ChatMessage} ChatMessage */

/**
 * A conversation is a text: what the reader says goes between the model's own markers, and the model goes on from there.
 * @param {import("./state.js").State} state @param {import("../client/python_api.js").PythonApi} api
 * @param {import("./reading.js").Reading} reading @param {{play: () => Promise<void>}} generating
 */
export function createChatting(state, api, reading, generating) {
  /** What was said so far; nothing if the text on screen is not, or no longer, that of the conversation. @returns {ChatMessage[]} */
  function said() {
    const [asked, text] = [state.chat_asked.peek(), state.text.peek()];
    if (!asked || !text.startsWith(asked.text)) return [];
    const content = text.slice(asked.text.length, endOfAnswer(state)).trim();
    // A message that was not answered is taken back.
    if (content === "") return asked.messages.slice(0, -1);
    return [...asked.messages, { role: "assistant", content }];
  }

  let is_asking = false;

  async function ask() {
    const content = state.chat_draft.peek().trim();
    if (content === "" || is_asking) return;
    is_asking = true;
    const is_said = await say(content).finally(() => {
      is_asking = false;
    });
    if (is_said) await generating.play();
  }

  /** Whether it became part of the text: not if the reader wrote another one meanwhile. @param {string} content */
  async function say(content) {
    const before = state.text.peek();
    /** @type {ChatMessage[]} */
    const messages = [...said(), { role: "user", content }];
    const { text } = await api.chat_text(messages);
    if (state.text.peek() !== before) return false;
    batch(() => {
      state.chat_asked.value = { messages, text };
      state.chat_draft.value = "";
      reading.setText(text);
    });
    return true;
  }

  return {
    toggleChat() {
      state.is_chat_open.value = !state.is_chat_open.value;
    },

    /** @param {string} words */
    setChatDraft(words) {
      state.chat_draft.value = words;
    },

    /** Say it, and let the model answer. */
    ask: () => reporting(state, ask),
  };
}

/** Where the answer ends in the text: before the mark that ends it, if there is one. @param {import("./state.js").State} state */
function endOfAnswer({ run, text, end_tokens }) {
  const last = run.peek()?.text === text.peek() ? run.peek()?.tokens.at(-1) : undefined;
  return last && end_tokens.peek().includes(last.id) ? last.start : text.peek().length;
}
