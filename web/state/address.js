import { batch, effect } from "@preact/signals";
import { NO_CHANGES } from "./changes_state.js";
import { DEFAULT_SAMPLING } from "./limits.js";
import { TABS_FIRST } from "./river_state.js";
import { addressOf, defaultModel, isOnScreen, placeOf } from "./shared.js";
import { createState } from "./state.js";
import { pendingOf } from "./tree_text.js";
import { readShared } from "./url.js";

// Browsers refuse more than some hundred address changes in half a minute.
const PAUSE_MS = 300;

// What a reader opens, chooses or types that no address speaks of.
const UNSAID = /** @type {const} */ ([
  "draw_index",
  "draw_kind",
  "explained_cell",
  "found_tokens",
  "is_coloured",
  "is_river_table",
  "norm",
  "open_item",
  "other_text",
  "pattern_stage",
  "picked_part",
  "token_search",
]);

/** @typedef {{setText: (text: string) => void, useModel: (name: string) => Promise<unknown>}} Doing what is done with an address */

/**
 * Keep the address in step with the state, and the state with an address that is typed or pasted.
 * @param {import("./state.js").State} state
 * @param {Doing} actions
 */
export function syncAddress(state, actions) {
  let written = withoutHash(location.hash);
  let wanted = written;
  let is_due = false;
  const write = () => {
    is_due = false;
    written = wanted;
    history.replaceState(null, "", written ? `#${written}` : location.pathname + location.search);
  };
  effect(() => {
    wanted = addressOf(state);
    // Not put off again by each change: while a text is played there is one at every token.
    if (is_due) return;
    is_due = true;
    setTimeout(write, PAUSE_MS);
  });
  // The address as it was typed: by the time the page hears of it, it may have written its own over it.
  addEventListener("hashchange", ({ newURL }) => {
    const fragment = withoutHash(new URL(newURL).hash);
    if (fragment === written) return;
    written = fragment;
    showShared(readShared(fragment), state, actions);
  });
}

/**
 * As the page would open at this address, or with this file: what it does not say is as at the beginning. Only the
 * language stays the reader's own, who may have chosen another than the browser's.
 * @param {Partial<import("./url.js").Shared>} shared @param {import("./state.js").State} state
 * @param {Doing} actions
 */
export function showShared(shared, state, { setText, useModel }) {
  const text = shared.text ?? state.examples.value[0]?.text ?? state.text.value;
  const place = shared.layer === undefined && shared.head === undefined ? placeOf(state, text) : shared;
  const is_read = isOnScreen(state, { text, branch: shared.branch });
  const beginning = createState(shared);
  // At once: changes that meet the run of another text are taken for changes of that one, and dropped.
  batch(() => {
    for (const name of UNSAID) state[name].value = /** @type {any} */ (beginning[name].value);
    state.layer.value = place.layer ?? 0;
    state.head.value = place.head ?? 0;
    state.sampling.value = { ...DEFAULT_SAMPLING, ...shared.sampling };
    state.open_panel.value = shared.panel ?? null;
    state.tab.value = shared.tab ?? TABS_FIRST;
    state.open_section.value = shared.section ?? null;
    state.open_part.value = shared.open ?? null;
    state.changes.value = shared.changes ? { list: shared.changes, prefix: null } : NO_CHANGES;
    if (shared.language) state.language.value = shared.language;
    if (is_read) state.selected_query.value = shared.token ?? null;
    else {
      state.pending.value = pendingOf(shared, text);
      // The text may be the same, but what came after it is not.
      if (!state.run.value?.is_stored) state.run.value = null;
      setText(text);
    }
  });
  const model = shared.model ?? defaultModel(state);
  const is_known = state.models.value.some(({ name }) => name === model);
  if (model && is_known && model !== state.model_name.value) void useModel(model);
}

/** @param {string} fragment */
const withoutHash = (fragment) => fragment.replace(/^#/, "");
