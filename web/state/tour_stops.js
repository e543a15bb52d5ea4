import { signal } from "@preact/signals";

/**
 * A walk through the page, stop by stop. Where a stop is, its part of the page says itself: `data-tour`. Without any the words
 * stand alone.
 *
 * @typedef {{name: string, at?: string, section?: import("./exploring.js").SectionName, tab?: import("./river_state.js").Tab,
 *   opens?: import("../layout/river/parts.js").PartKind, opens_sum?: boolean}} Stop
 *   `section`, `tab`: what is unfolded meanwhile; `opens`: what opens in its place on the river, in the block at hand; `opens_sum`: shows the sum
 *   behind the likeliest token's logit
 */

/** @type {Stop[]} */
export const STOPS = [
  { name: "question" },
  { name: "training" },
  { name: "text", at: "text" },
  { name: "tokens", at: "tokens" },
  { name: "merges", at: "section-tokens", section: "tokens" },
  { name: "embedding", at: "open-embedding", opens: "embedding" },
  { name: "positions", at: "section-embedding", section: "embedding" },
  { name: "stream", at: "river" },
  { name: "layer_norm", at: "open-norm_1", opens: "norm_1" },
  { name: "qkv", at: "section-qkv", section: "qkv" },
  { name: "pattern", at: "open-block", opens: "attention" },
  { name: "softmax", at: "section-attention", section: "attention" },
  { name: "output", at: "open-block", opens: "attention" },
  { name: "heads", at: "heads", tab: "heads" },
  { name: "added", at: "river" },
  { name: "mlp", at: "open-mlp", opens: "mlp" },
  { name: "blocks", at: "river" },
  { name: "unembedding", at: "open-unembedding", opens: "unembedding" },
  { name: "probabilities", at: "next" },
  { name: "sampling", at: "sampling" },
  { name: "generate", at: "generate" },
  { name: "sum", at: "sum", opens_sum: true },
  { name: "limits" },
  { name: "history" },
  { name: "end" },
];

/** Which stop is shown, if any; part of the page's state. */
export function createTourState() {
  return { stop: signal(/** @type {number | null} */ (null)) };
}
