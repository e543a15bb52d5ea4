import { PARTS, partAt } from "../layout/river/parts.js";
import { readChanges, writeChanges } from "./change_address.js";
import { clampNumber, DEFAULT_SAMPLING, LANGUAGES, PANELS, SAMPLING_LIMITS, SEED_MAX } from "./limits.js";
import { TABS, TABS_FIRST } from "./river_state.js";
import { SECTION_OF } from "./sections_state.js";

/**
 * What a teacher shares by sharing the address. It stands behind the "#", so a text never reaches a server.
 * @typedef {{text: string, model: string, layer: number, head: number, language: import("./types.js").Language,
 *   panel: import("./types.js").Panel, sampling: Partial<import("./types.js").Sampling>, changes?: import("./change.js").Change[],
 *   branch?: string, tab?: import("./river_state.js").Tab, section?: import("./exploring.js").SectionName | null,
 *   token?: number | null, open?: import("./river_state.js").OpenPart | null}} Shared
 *   `branch`: what came after the text, as tree_text.js writes it; `token`: the position whose row is put forward;
 *   `open`: what is open in its place on the river, in the block that is said
 */

// Longer addresses are cut by chat programs and mail readers; the text then stays out of it.
const LONGEST_TEXT = 2000;
const LONGEST_BRANCH = 8000;
/** What a file may hold of either. */
export const LONGEST_IN_FILE = 2_000_000;
const INDEX_LIMITS = { min: 1, max: 10_000 };
const STAGES = /** @type {(keyof typeof SECTION_OF)[]} */ (Object.keys(SECTION_OF));
const CUTS = /** @type {const} */ (["top_k", "top_p", "min_p"]);

/**
 * Read an address fragment. Unknown names are ignored, numbers clamped, nonsense left out.
 * @param {string} fragment with or without the leading "#"
 * @param {boolean} [is_file] a file may hold more than an address
 * @returns {Partial<Shared>}
 */
export function readShared(fragment, is_file = false) {
  const params = new URLSearchParams(fragment.replace(/^#/, ""));
  /** @type {Partial<Shared>} */
  const shared = {};
  const text = params.get("text");
  if (text) shared.text = text.slice(0, is_file ? LONGEST_IN_FILE : LONGEST_TEXT);
  const branch = params.get("branch");
  // Half a tree would be another one.
  if (text && branch && branch.length <= (is_file ? LONGEST_IN_FILE : LONGEST_BRANCH)) shared.branch = branch;
  const model = params.get("model");
  if (model && /^[a-z0-9._-]+$/.test(model)) shared.model = model;
  const block = params.has("block") ? clampNumber(params.get("block"), INDEX_LIMITS, NaN) : NaN;
  if (!Number.isNaN(block)) shared.layer = block - 1;
  const head = params.has("head") ? clampNumber(params.get("head"), INDEX_LIMITS, NaN) : NaN;
  if (!Number.isNaN(head)) shared.head = head - 1;
  const language = LANGUAGES.find((name) => name === params.get("lang"));
  if (language) shared.language = language;
  const token = params.has("token") ? clampNumber(params.get("token"), INDEX_LIMITS, NaN) : NaN;
  if (!Number.isNaN(token)) shared.token = token - 1;
  const tab = TABS.find((name) => name === params.get("tab"));
  if (tab) shared.tab = tab;
  const section = STAGES.find((name) => name === params.get("section"));
  if (section) shared.section = section;
  const open = PARTS.find((name) => name === params.get("open"));
  if (open) shared.open = partAt(open, shared.layer ?? 0);
  const panel = PANELS.find((name) => name === params.get("panel"));
  if (panel) shared.panel = panel;
  const changes = readChanges(params);
  if (changes.length > 0) shared.changes = changes;
  const sampling = readSampling(params);
  if (Object.keys(sampling).length > 0) shared.sampling = sampling;
  return shared;
}

/** @param {URLSearchParams} params @returns {Partial<import("./types.js").Sampling>} */
function readSampling(params) {
  /** @type {Partial<import("./types.js").Sampling>} */
  const sampling = {};
  const temperature = clampNumber(params.get("temperature") ?? "", SAMPLING_LIMITS.temperature, NaN);
  if (!Number.isNaN(temperature)) sampling.temperature = temperature;
  const seed = clampNumber(params.get("seed") ?? "", { min: 0, max: SEED_MAX }, NaN);
  if (!Number.isNaN(seed)) sampling.seed = seed;
  for (const name of CUTS) {
    const value = params.get(name);
    if (value === "off") sampling[`is_${name}_on`] = false;
    const number = clampNumber(value ?? "", SAMPLING_LIMITS[name], NaN);
    if (Number.isNaN(number)) continue;
    sampling[name] = number;
    sampling[`is_${name}_on`] = true;
  }
  return sampling;
}

/**
 * The fragment for a state; what has its default value is left out.
 * @param {Shared & {sampling: import("./types.js").Sampling, default_model: string | null,
 *   default_place: {layer: number, head: number}}} shared `default_place`: where the page opens when neither block nor
 *   head is said; either both are said or none
 * @param {boolean} [is_file] a file may hold more than an address
 * @returns {string} without the leading "#"
 */
export function writeShared(shared, is_file = false) {
  const { text, model, layer, head, language, panel, sampling, changes = [], default_model, default_place } = shared;
  const { branch = "", tab = TABS_FIRST, section = null, token = null, open = null } = shared;
  const params = new URLSearchParams();
  if (is_file ? text !== "" && isUnicode(text) : fitsAddress(text)) params.set("text", text);
  if (branch && params.has("text")) params.set("branch", branch);
  if (model && model !== default_model) params.set("model", model);
  const is_in_block = open !== null && open.layer !== null;
  if (layer !== default_place.layer || head !== default_place.head || is_in_block) {
    params.set("block", String((open?.layer ?? layer) + 1));
    params.set("head", String(head + 1));
  }
  for (const name of /** @type {const} */ (["temperature", "seed"])) {
    if (sampling[name] !== DEFAULT_SAMPLING[name]) params.set(name, String(sampling[name]));
  }
  for (const name of CUTS) {
    const value = sampling[`is_${name}_on`] ? String(sampling[name]) : "off";
    const unchanged = DEFAULT_SAMPLING[`is_${name}_on`] ? String(DEFAULT_SAMPLING[name]) : "off";
    if (value !== unchanged) params.set(name, value);
  }
  writeChanges(params, changes);
  if (token !== null) params.set("token", String(token + 1));
  if (tab !== TABS_FIRST) params.set("tab", tab);
  if (section) params.set("section", section);
  if (open) params.set("open", open.kind);
  if (language !== "en") params.set("lang", language);
  if (panel && panel !== "share") params.set("panel", panel);
  return params.toString();
}

/** Whether the address can hold what came after a text. @param {string} branch */
export const branchFits = (branch) => branch.length <= LONGEST_BRANCH;

/** Whether the address can hold a text. @param {string} text */
export const fitsAddress = (text) => text !== "" && text.length <= LONGEST_TEXT && isUnicode(text);

/** Whether a text has no lone surrogate, which an address would turn into another character. @param {string} text */
function isUnicode(text) {
  return !/\p{Surrogate}/u.test(text);
}
