import { signal } from "@preact/signals";

/**
 * @typedef {import("./types.js").Run} Run
 * @typedef {{label: string, own: number}} Said a next token and the model's own probability of it
 * @typedef {object} Answer what a model made of a text
 * @property {string} model @property {string} display_name
 * @property {Run} run
 * @property {Said[]} said the likeliest next tokens, best first
 * @property {number} n_others how many tokens of the vocabulary `said` leaves out
 * @property {number} layer @property {number} head that were chosen
 * @property {import("./types.js").Tensor} pattern of that head: [query, key]
 */

// A pattern of 1,024 tokens is 4 MB.
export const MOST_KEPT = 4;

/**
 * Answers to one text, the newest last: each model's last one, of so many models; those to another text are let go.
 * @param {Answer[]} answers @param {Answer} answer @returns {Answer[]}
 */
export const withAnswer = (answers, answer) =>
  [...answersTo(answers, answer.run.text).filter(({ model }) => model !== answer.model), answer].slice(-MOST_KEPT);

/** @param {Answer[]} answers @param {string} text @returns {Answer[]} the same array where all are of that text */
export function answersTo(answers, text) {
  const found = answers.filter(({ run }) => run.text === text);
  return found.length === answers.length ? answers : found;
}

/** The signals of one text in two models; part of the page's state. */
export function createAnswersState() {
  return {
    answers: signal(/** @type {Answer[]} */ ([])),
    /** Whose kept answer stands beside the present one; null: the last one's. */
    beside_model: signal(/** @type {string | null} */ (null)),
  };
}
