/**
 * The curves of a training: loss over tokens read, both as they are; tokens on a log scale that begins with "none".
 *
 * @typedef {{x: (tokens: number) => number, y: (loss: number) => number, ticks: {x: number, tokens: number}[],
 *   levels: {y: number, loss: number}[]}} LossFrame
 */

const MARGIN = { left: 44, right: 14, top: 12, bottom: 34 };

/**
 * @param {number[]} tokens read at the points, rising from 0 @param {number[]} losses all that are drawn
 * @param {{width: number, height: number}} room px @returns {LossFrame}
 */
export function lossFrame(tokens, losses, { width, height }) {
  const first = Math.min(...tokens.filter((count) => count > 0));
  const last = Math.max(...tokens);
  // "None" stands a third of a decade before the first.
  const low = Math.log10(first) - 1 / 3;
  const span = Math.log10(last) - low || 1;
  const inner = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
  const top = Math.ceil(Math.max(...losses));
  const x = (/** @type {number} */ count) =>
    MARGIN.left + (count <= 0 ? 0 : ((Math.log10(count) - low) / span) * inner.width);
  const y = (/** @type {number} */ loss) => MARGIN.top + (1 - loss / top) * inner.height;
  const decades = [10_000, 100_000, 1_000_000, 10_000_000].filter((count) => count >= first && count <= last);
  const step = top > 6 ? 2 : 1;
  const levels = Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
  return {
    x,
    y,
    ticks: [0, ...decades].map((count) => ({ tokens: count, x: x(count) })),
    levels: levels.map((loss) => ({ loss, y: y(loss) })),
  };
}

/** @param {LossFrame} frame @param {number[]} tokens @param {number[]} losses */
export const lossPath = ({ x, y }, tokens, losses) =>
  `M${tokens.map((count, index) => `${x(count).toFixed(1)},${y(losses[index]).toFixed(1)}`).join("L")}`;

/**
 * When the run first did an exercise better than by chance, and kept to it.
 * @param {import("../training_record.js").Point[]} points @param {string} ability @param {number} bar share done rightly
 * @returns {number | null} tokens read; null where it never did
 */
export function appearedAt(points, ability, bar) {
  let since = null;
  for (const { tokens, abilities } of points) {
    if (abilities[ability] < bar) since = null;
    else since ??= tokens;
  }
  return since;
}

/** The point of the run that a snapshot was taken at; null for the model that ships, which is of another run.
 * @param {import("../training_record.js").TrainingIndex} training @param {number} snapshot
 */
export function pointOf({ points, snapshots }, snapshot) {
  const { tokens, is_shipped } = snapshots[snapshot];
  return is_shipped ? null : (points.find((point) => point.tokens === tokens) ?? null);
}

/**
 * What a snapshot said behind a position. @param {import("../training_record.js").TrainingRecord} record
 * @param {number} snapshot @param {number} position @param {number} count
 */
export function guessesAt({ tensors, labels }, snapshot, position, count) {
  const ids = tensors.get("token_ids");
  const probabilities = tensors.get("probabilities");
  if (!ids || !probabilities) return [];
  const [, n_positions, n_kept] = ids.shape;
  const start = (snapshot * n_positions + position) * n_kept;
  return Array.from({ length: Math.min(count, n_kept) }, (_, rank) => ({
    label: labels[ids.data[start + rank]] ?? "",
    probability: probabilities.data[start + rank],
  }));
}

/**
 * A head's pattern in a snapshot, shares of 1. @param {import("../training_record.js").TrainingRecord} record
 * @param {number} snapshot @param {number} layer @param {number} head
 * @returns {{n_tokens: number, at: (query: number, key: number) => number} | null}
 */
export function patternAt({ tensors }, snapshot, layer, head) {
  const pattern = tensors.get("attention_pattern");
  if (!pattern) return null;
  const [, n_layer, n_head, n_tokens] = pattern.shape;
  const start = ((snapshot * n_layer + layer) * n_head + head) * n_tokens * n_tokens;
  return { n_tokens, at: (query, key) => pattern.data[start + query * n_tokens + key] / 255 };
}
