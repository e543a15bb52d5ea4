import { promptOf } from "./prompt.js";
import { writeTree } from "./tree_text.js";
import { branchFits, fitsAddress, LONGEST_IN_FILE, readShared, writeShared } from "./url.js";

/**
 * What is shared of the page, in an address or in a file: the same names, the same checks, but a file holds more.
 *
 * @typedef {import("./url.js").Shared} Shared
 * @typedef {import("./state.js").State} State
 */

// Raised when an older page could not read what a newer one writes.
const FILE_VERSION = 1;

/** @param {State} state */
const defaultModel = (state) => state.models.value[0]?.name ?? state.model_name.value;

/**
 * The block and head at which the page opens a text of which nothing else is said.
 * @param {State} state @param {string} text @returns {{layer: number, head: number}}
 */
const placeOf = (state, text) => state.examples.value.find((example) => example.text === text) ?? { layer: 0, head: 0 };

/** All of it as it is now. @param {State} state */
function everything(state) {
  const run = state.run.value;
  const branch = run && !run.is_stored && run.text === state.text.value ? writeTree(state.tree.value) : "";
  // A tree that is still to be gone back to.
  const pending = state.pending.value?.text === state.text.value ? writeTree(state.pending.value.tree) : "";
  const text = branch ? promptOf(run) : state.text.value;
  return {
    text,
    branch: branch || pending,
    model: state.model_name.value ?? "",
    default_model: defaultModel(state),
    layer: state.layer.value,
    head: state.head.value,
    default_place: placeOf(state, text),
    token: state.selected_query.value,
    tab: state.tab.value,
    section: state.open_section.value,
    open: state.open_part.value,
    language: state.language.value,
    panel: state.open_panel.value,
    sampling: state.sampling.value,
    changes: state.changes.value.list,
  };
}

/** Whether the address holds all of it. @param {State} state */
export function addressHoldsAll(state) {
  const { text, branch } = everything(state);
  return (text === "" || fitsAddress(text)) && branchFits(branch);
}

/** The address behind the "#". @param {State} state @param {boolean} [is_whole] also what a page begins with by itself */
export function addressOf(state, is_whole = false) {
  const shared = everything(state);
  // A branch that is too long stays out; the text it made is there at least.
  const known = branchFits(shared.branch) ? shared : { ...shared, text: state.text.value, branch: "" };
  const is_first = known.branch === "" && known.text === state.examples.value[0]?.text;
  return writeShared(is_first && !is_whole ? { ...known, text: "" } : known);
}

/** The same as a file. @param {State} state @returns {string} JSON */
export function fileOf(state) {
  const params = new URLSearchParams(writeShared(everything(state), true));
  return JSON.stringify(
    { glassbox: FILE_VERSION, ...Object.fromEntries(params), whole_text: state.text.value },
    null,
    2,
  );
}

/**
 * What a file says; null where it is none of ours.
 * @param {string} content @returns {{shared: Partial<Shared>, whole_text: string} | null}
 */
export function readFile(content) {
  if (content.length > LONGEST_IN_FILE) return null;
  try {
    const { glassbox, whole_text, ...rest } = JSON.parse(content);
    if (glassbox !== FILE_VERSION) return null;
    const entries = Object.entries(rest).filter(([, value]) => typeof value === "string");
    const fragment = new URLSearchParams(/** @type {[string, string][]} */ (entries)).toString();
    return { shared: readShared(fragment, true), whole_text: typeof whole_text === "string" ? whole_text : "" };
  } catch {
    return null;
  }
}

/** Whether a tree is the one on screen. @param {State} state @param {Partial<Shared>} shared */
export function isOnScreen(state, { text, branch }) {
  const now = everything(state);
  return now.text === text && now.branch === (branch ?? "");
}

export { defaultModel, placeOf };
