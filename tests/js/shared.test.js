import assert from "node:assert/strict";
import { test } from "node:test";
import { addressHoldsAll, addressOf, fileOf, isOnScreen, readFile } from "../../web/state/shared.js";
import { createState } from "../../web/state/state.js";
import { EMPTY_TREE, grown } from "../../web/state/tree.js";
import { readTree } from "../../web/state/tree_text.js";
import { readShared } from "../../web/state/url.js";

/** A page whose text has been gone on with, in branches of so many tokens. @param {number} n_branches @param {number} n_tokens */
function page(n_branches, n_tokens) {
  const state = createState();
  const label = (/** @type {number} */ at) => ({ id: at, label: "a", start: at, end: at + 1, is_fragment: false });
  let tree = EMPTY_TREE;
  for (let branch = 0; branch < n_branches; branch++) {
    let at = null;
    for (let token = 0; token < n_tokens; token++) {
      const token_id = (branch * 977 + token * 31) % 50257;
      tree = grown(tree, at, { token_id, label: "a", origin: "drawn", own: 0.5 });
      at = tree.current;
    }
  }
  state.tree.value = tree;
  state.text.value = "a".repeat(2 + n_tokens);
  state.run.value = {
    run_id: 1,
    token_ids: Array(2 + n_tokens).fill(0),
    tokens: Array.from({ length: 2 + n_tokens }, (_, at) => label(at)),
    text: state.text.value,
    n_prompt: 2,
    is_stored: false,
  };
  state.tab.value = "past";
  state.open_section.value = "mlp";
  state.selected_query.value = 1;
  return state;
}

test("the address holds the prompt, its branches, and what is open", () => {
  const state = page(30, 7);
  const shared = readShared(addressOf(state));
  assert.equal(shared.text, "aa", "the text before what was added");
  assert.deepEqual([shared.tab, shared.section, shared.token], ["past", "mlp", 1]);
  assert.equal(readTree(shared.branch ?? "").nodes.size, state.tree.value.nodes.size);
  assert.equal(addressHoldsAll(state), true);
  assert.equal(isOnScreen(state, shared), true);
  assert.equal(isOnScreen(state, { ...shared, branch: "" }), false);
});

test("what is too long for an address is in the file; the address still has the whole text", () => {
  const state = page(30, 90);
  assert.equal(addressHoldsAll(state), false);
  assert.deepEqual(
    [readShared(addressOf(state)).text, readShared(addressOf(state)).branch],
    [state.text.value, undefined],
  );
  const found = readFile(fileOf(state));
  assert.equal(found?.shared.text, "aa");
  assert.equal(found?.whole_text, state.text.value);
  assert.equal(readTree(found?.shared.branch ?? "").nodes.size, state.tree.value.nodes.size);
});

test("a file that is none of ours is refused, and strange values in one of ours are left out", () => {
  for (const content of ["", "{", "null", "[]", '{"glassbox": 2}', '"text"']) assert.equal(readFile(content), null);
  const found = readFile(
    JSON.stringify({ glassbox: 1, text: "b", tab: "zz", section: "<b>", temperature: "1e9", seed: {} }),
  );
  assert.deepEqual(found?.shared, { text: "b", sampling: { temperature: 10 } });
});

test("a branch without a text, or half of one, is not taken", () => {
  assert.equal(readShared("branch=-D1").branch, undefined);
  assert.equal(readShared(`text=a&branch=-D1${".1".repeat(9000)}`).branch, undefined);
});
