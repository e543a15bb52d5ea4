import { effect } from "@preact/signals";
import { fetchTraining, fetchTrainingRecord } from "../training_record.js";
import { latestOnly } from "./latest.js";
import { reporting } from "./problems.js";

/**
 * Fetches the record of the training when it is opened, and nothing of it before.
 * @param {import("./state.js").State} state @param {string} base_url folder of the page
 */
export function createLearned(state, base_url) {
  const askRecord = latestOnly((/** @type {string} */ file) => fetchTrainingRecord(base_url, file));

  async function refresh() {
    const [tab, text, problem] = [state.tab.value, state.training_text.value, state.problem.value];
    // Where it did not come it is asked for again once the problem is put away.
    if (tab !== "learned" || problem) return;
    if (!state.training.peek()) await begin();
    const entry = state.training.peek()?.texts[text];
    if (!entry || state.training_record.peek()?.text === entry.text) return;
    const record = await askRecord(entry.file);
    if (record && state.training_text.peek() === text) state.training_record.value = record;
  }

  /** The text on screen, if it is one of those recorded, as the finished model reads it. */
  async function begin() {
    const training = await fetchTraining(base_url);
    const here = training.texts.findIndex(({ text }) => text === state.run.peek()?.text);
    state.training.value = training;
    state.snapshot.value = training.snapshots.length - 1;
    if (here > 0) state.training_text.value = here;
  }

  const actions = {
    /** @param {number} index */
    showSnapshot(index) {
      state.snapshot.value = index;
    },

    /** @param {number} index */
    showTrainingText(index) {
      state.training_text.value = index;
      state.training_position.value = null;
    },

    /** @param {number} position */
    showTrainingPosition(position) {
      state.training_position.value = position;
    },

    /** @param {number} layer @param {number} head */
    showTrainingHead(layer, head) {
      state.training_head.value = { layer, head };
    },

    /** @param {import("./learned_state.js").HeadKind} kind */
    showHeadKind(kind) {
      state.head_kind.value = kind;
    },
  };
  return { start: () => void effect(() => reporting(state, refresh)), actions };
}
