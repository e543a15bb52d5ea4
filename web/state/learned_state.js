import { signal } from "@preact/signals";

/**
 * @typedef {import("../training_record.js").TrainingIndex} TrainingIndex
 * @typedef {import("../training_record.js").TrainingRecord} TrainingRecord
 * @typedef {"previous_token" | "induction"} HeadKind
 */

/** The signals of "How it learned"; part of the page's state. */
export function createLearnedState() {
  return {
    training: signal(/** @type {TrainingIndex | null} */ (null)),
    training_record: signal(/** @type {TrainingRecord | null} */ (null)),
    // Which snapshot, which text, which position, which head is looked at.
    snapshot: signal(0),
    training_text: signal(0),
    training_position: signal(/** @type {number | null} */ (null)),
    training_head: signal({ layer: 0, head: 0 }),
    head_kind: signal(/** @type {HeadKind} */ ("previous_token")),
  };
}
