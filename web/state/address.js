import { effect } from "@preact/signals";
import { NO_CHANGES } from "./changes_state.js";
import { DEFAULT_SAMPLING } from "./limits.js";
import { readShared, writeShared } from "./url.js";

// Browsers refuse more than some hundred address changes in half a minute.
const PAUSE_MS = 300;

/**
 * Keep the address in step with the state, and the state with an address that is typed or pasted.
 * @param {import("./state.js").State} state
 * @param {Pick<import("./actions.js").Actions, "setText" | "useModel">} actions
 */
export function syncAddress(state, actions) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  let written = withoutHash(location.hash);
  effect(() => {
    const fragment = writeShared({
      // What the page begins with need not be said.
      text: state.text.value === state.examples.value[0]?.text ? "" : state.text.value,
      model: state.model_name.value ?? "",
      default_model: defaultModel(state),
      layer: state.layer.value,
      head: state.head.value,
      default_place: placeOf(state, state.text.value),
      language: state.language.value,
      panel: state.open_panel.value,
      sampling: state.sampling.value,
      changes: state.changes.value.list,
    });
    clearTimeout(pause);
    pause = setTimeout(() => {
      written = fragment;
      history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
    }, PAUSE_MS);
  });
  addEventListener("hashchange", () => {
    const fragment = withoutHash(location.hash);
    if (fragment === written) return;
    written = fragment;
    show(readShared(fragment), state, actions);
  });
}

/**
 * As the page would open at this address: what it does not say is as at the beginning. Only the language stays the
 * reader's own, who may have chosen another than the browser's.
 * @param {Partial<import("./url.js").Shared>} shared @param {import("./state.js").State} state
 * @param {Pick<import("./actions.js").Actions, "setText" | "useModel">} actions
 */
function show(shared, state, { setText, useModel }) {
  const text = shared.text ?? state.examples.value[0]?.text ?? state.text.value;
  const place = shared.layer === undefined && shared.head === undefined ? placeOf(state, text) : shared;
  state.layer.value = place.layer ?? 0;
  state.head.value = place.head ?? 0;
  state.sampling.value = { ...DEFAULT_SAMPLING, ...shared.sampling };
  state.open_panel.value = shared.panel ?? null;
  state.changes.value = shared.changes ? { list: shared.changes, prefix: null } : NO_CHANGES;
  if (shared.language) state.language.value = shared.language;
  if (text !== state.text.value) setText(text);
  const model = shared.model ?? defaultModel(state);
  const is_known = state.models.value.some(({ name }) => name === model);
  if (model && is_known && model !== state.model_name.value) void useModel(model);
}

/** @param {import("./state.js").State} state */
const defaultModel = (state) => state.models.value[0]?.name ?? state.model_name.value;

/**
 * The block and head at which the page opens a text of which nothing else is said.
 * @param {import("./state.js").State} state @param {string} text @returns {{layer: number, head: number}}
 */
const placeOf = (state, text) => state.examples.value.find((example) => example.text === text) ?? { layer: 0, head: 0 };

/** @param {string} fragment */
const withoutHash = (fragment) => fragment.replace(/^#/, "");
