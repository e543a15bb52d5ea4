import { batch, effect } from "@preact/signals";
import { riverData } from "../layout/river/data.js";
import { isSamePart } from "../layout/river/parts.js";
import { latestOnly } from "./latest.js";
import { reporting } from "./problems.js";

/**
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./river_state.js").River} River
 * @typedef {import("./river_state.js").Tab} Tab
 * @typedef {import("./river_state.js").PatternStage} PatternStage
 * @typedef {import("./river_state.js").LitPart} LitPart
 * @typedef {import("./river_state.js").OpenPart} OpenPart
 * @typedef {ReturnType<typeof createRiver>} RiverPart
 */

// Rivers kept of a run; one is some kilobytes, at 1,000 tokens and 12 blocks a megabyte.
const KEPT_MOST = 12;

/**
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api @param {import("./stored.js").Stored} stored
 * @param {import("./run_figures.js").Figures} figures
 */
export function createRiver(state, selectors, api, stored, figures) {
  /** @type {WeakMap<Run, Map<string, River>>} */
  const held = new WeakMap();
  const askBase = latestOnly(fetchRiver);
  const askPointed = latestOnly(fetchRiver);

  /** @param {Run} run */
  function riversOf(run) {
    const rivers = held.get(run) ?? new Map();
    held.set(run, rivers);
    return rivers;
  }

  /** @param {Run} run @param {number} position @param {number | null} rival */
  const known = (run, position, rival) => riversOf(run).get(`${position} ${rival}`);

  /** @param {Run} run @param {number} position @param {number | null} rival @returns {Promise<River | null>} */
  async function fetchRiver(run, position, rival) {
    const found = run.is_stored ? stored.river(position) : await fromModel(run, position, rival);
    if (!found) return null;
    const river = { run, position, rival, data: riverData(found.reply, found.guesses), labels: found.labels };
    const rivers = riversOf(run);
    rivers.set(`${position} ${rival}`, river);
    if (rivers.size > KEPT_MOST) rivers.delete(rivers.keys().next().value ?? "");
    return river;
  }

  /** @param {Run} run @param {number} position @param {number | null} rival */
  async function fromModel(run, position, rival) {
    const [reply, lens, names] = await Promise.all([
      api.river(run.run_id, { position, against: rival }),
      api.lens(run.run_id, position, position + 1),
      figures.labels(),
    ]);
    const ids = [...lens.token_ids, reply.answer, ...(rival === null ? [] : [rival])];
    return { reply, guesses: lens, labels: new Map(ids.map((id) => [id, names[id]])) };
  }

  /** The river of the row that is put forward. */
  async function refresh() {
    const [run, position, rival] = [state.run.value, selectors.query.value, state.rival.value];
    if (!run || position >= run.tokens.length || state.is_passed_over.value) return;
    const river = known(run, position, rival) ?? (await askBase(run, position, rival));
    if (!river || state.run.peek() !== run || selectors.query.peek() !== position || state.rival.peek() !== rival)
      return;
    state.river.value = river;
  }

  /** The river of the row under the pointer, where it is another one. */
  async function refreshPointed() {
    const [base, token] = [state.river.value, state.pointed_token.value];
    if (
      !base ||
      token === null ||
      token === base.position ||
      token >= base.run.tokens.length ||
      base.run !== state.run.value
    ) {
      state.pointed_river.value = null;
      state.pointed_prediction.value = null;
      return;
    }
    const river = known(base.run, token, null) ?? (await askPointed(base.run, token, null));
    const isStill = () => state.pointed_token.peek() === token && state.river.peek()?.run === base.run;
    if (!river || !isStill()) return;
    state.pointed_prediction.value = null;
    state.pointed_river.value = river;
    const prediction = base.run.is_stored ? null : await figures.predictionOf(base.run, token);
    if (isStill()) state.pointed_prediction.value = prediction;
  }

  function start() {
    // Held against a token of another text it would say nothing.
    let last_run = state.run.peek();
    effect(() => {
      const run = state.run.value;
      if (run !== last_run) state.rival.value = null;
      last_run = run;
    });
    effect(() => reporting(state, refresh));
    effect(() => reporting(state, refreshPointed));
  }

  /** The river of a row of any run. @param {Run} run @param {number} position */
  const riverOf = async (run, position) => known(run, position, null) ?? fetchRiver(run, position, null);

  /** The river that a run will be shown with, so that it is at hand then; one that does not come is asked for again. @param {Run} run */
  const ahead = (run) => riverOf(run, selectors.queryOf(run)).catch(() => null);

  return { start, riverOf, ahead };
}

/** @param {import("./state.js").State} state */
export function createRiverActions(state) {
  return {
    /** Open a part in its place; the same once more closes it, and so does null. @param {OpenPart | null} part */
    openPart(part) {
      const is_closing = part === null || isSamePart(part, state.open_part.value);
      batch(() => {
        state.open_part.value = is_closing ? null : part;
        state.open_item.value = null;
        if (!is_closing && part.layer !== null) state.layer.value = part.layer;
      });
    },

    /** Look at one neuron, number or candidate of what is open. @param {number | null} index */
    lookAtItem(index) {
      state.open_item.value = index;
    },

    /** @param {Tab} name */
    openTab(name) {
      state.tab.value = name;
    },

    /** What the answer is held against: a token, or the mean of all. @param {number | null} token_id */
    holdAgainst(token_id) {
      state.rival.value = token_id;
    },

    /** What is computed before the pattern, shown in its place. @param {PatternStage} stage */
    showStage(stage) {
      state.pattern_stage.value = stage;
    },

    toggleRiverTable() {
      state.is_river_table.value = !state.is_river_table.value;
    },

    /** Light the ribbon of a part. @param {LitPart | null} part */
    lightPart(part) {
      state.lit_part.value = part;
    },

    /** @param {string | null} words */
    readOut(words) {
      state.read_out.value = words;
    },
  };
}
