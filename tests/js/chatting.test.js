import assert from "node:assert/strict";
import { test } from "node:test";
import { createChatting } from "../../web/state/chatting.js";
import { createState } from "../../web/state/state.js";

const END = 9;

/** A page whose model answers each message with "Yes" and its mark. */
function page() {
  const state = createState({ text: "" });
  state.end_tokens.value = [END];
  /** @type {import("../../web/client/python_api.js").ChatMessage[][]} */
  const rendered = [];
  const api = /** @type {any} */ ({
    chat_text: async (/** @type {any[]} */ messages) => {
      rendered.push(messages);
      if (messages.at(-1).content === "fail") throw { code: "bad_template", message: "no" };
      return { text: `${messages.map(({ role, content }) => `<${role}>${content}`).join("")}<assistant>` };
    },
  });
  const reading = /** @type {any} */ ({
    setText: (/** @type {string} */ text) => {
      state.text.value = text;
    },
  });
  const world = { answer: "Yes<end>", n_played: 0 };
  const play = async () => {
    world.n_played++;
    const before = state.text.value;
    const text = before + world.answer;
    const start = text.length - "<end>".length;
    const last = text.endsWith("<end>")
      ? [{ id: END, label: "<end>", start, end: text.length, is_fragment: false }]
      : [];
    state.text.value = text;
    state.run.value = { run_id: 1, token_ids: [], tokens: last, text, n_prompt: 0, is_stored: false };
  };
  const actions = createChatting(state, api, reading, { play });
  const ask = async (/** @type {string} */ words) => {
    actions.setChatDraft(words);
    actions.ask();
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { state, rendered, world, actions, ask };
}

test("what is said becomes a text with markers, and the answer is part of what is said next", async () => {
  const { state, rendered, ask } = page();
  await ask(" Is it? ");
  assert.equal(state.text.value, "<user>Is it?<assistant>Yes<end>");
  assert.equal(state.chat_draft.value, "");
  await ask("Sure?");
  assert.deepEqual(rendered[1], [
    { role: "user", content: "Is it?" },
    { role: "assistant", content: "Yes" },
    { role: "user", content: "Sure?" },
  ]);
  await ask("  ");
  assert.equal(rendered.length, 2, "nothing said");
});

test("an answer without its end mark is whole; a message without an answer is taken back", async () => {
  const { rendered, world, ask } = page();
  world.answer = "Well, ";
  await ask("Who?");
  world.answer = "";
  await ask("Who then?");
  assert.equal(rendered[1][1].content, "Well,");
  await ask("Hello?");
  assert.deepEqual(
    rendered[2].map(({ content }) => content),
    ["Who?", "Well,", "Hello?"],
  );
});

test("another text in the box begins anew; a template that fails is said, and nothing is lost", async () => {
  const { state, rendered, ask } = page();
  await ask("One");
  state.text.value = "Once upon a time";
  await ask("Two");
  assert.deepEqual(rendered[1], [{ role: "user", content: "Two" }]);
  const before = state.text.value;
  await ask("fail");
  assert.equal(state.problem.value?.code, "bad_template");
  assert.equal(state.text.value, before);
  assert.equal(state.chat_draft.value, "fail");
});

test("asked twice at once it is said once; what is written meanwhile stays", async () => {
  const { state, rendered, world, actions, ask } = page();
  actions.setChatDraft("One");
  actions.ask();
  await ask("One");
  assert.equal(rendered.length, 1);
  assert.equal(world.n_played, 1);
  actions.setChatDraft("Two");
  actions.ask();
  state.text.value = "Once upon a time";
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(state.text.value, "Once upon a time");
  assert.equal(state.chat_draft.value, "Two", "the draft stays");
  assert.equal(world.n_played, 1);
  await ask("Three");
  assert.equal(world.n_played, 2, "asking works again");
});
