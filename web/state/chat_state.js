import { signal } from "@preact/signals";

/**
 * The signals of a conversation; part of the page's state.
 *
 * @typedef {{messages: import("../client/python_api.js").ChatMessage[], text: string}} Asked
 *   the messages so far, the reader's last, and the text that they became
 */
export function createChatState() {
  return {
    /** Whether the model in use knows conversations. */
    has_chat: signal(false),
    is_chat_open: signal(false),
    /** What the reader is about to say. */
    chat_draft: signal(""),
    chat_asked: signal(/** @type {Asked | null} */ (null)),
  };
}
