import { signal } from "@preact/signals";

/**
 * A walk through the page, stop by stop. Where a stop is, is said by selectors, best first: the sheet of a wide screen
 * and the story of a narrow one have different parts. Without any the words stand alone.
 *
 * @typedef {{name: string, at: string[], section?: import("./exploring.js").SectionName, opens_sum?: boolean}} Stop
 *   `section`: what is unfolded meanwhile; `opens_sum`: shows the sum behind the likeliest token's logit
 */

/** @type {Stop[]} */
export const STOPS = [
  { name: "question", at: [] },
  { name: "training", at: [] },
  { name: "text", at: [".prompt"] },
  { name: "tokens", at: [".chips"] },
  { name: "merges", at: [".section-tokens .section-body"], section: "tokens" },
  { name: "embedding", at: ['[data-part="embedding"]', ".story-chapter"] },
  { name: "positions", at: [".section-embedding .section-figure"], section: "embedding" },
  { name: "stream", at: [".flow-room"] },
  { name: "layer_norm", at: [".section-layer_norm .section-figure"], section: "layer_norm" },
  { name: "qkv", at: [".section-qkv .section-columns"], section: "qkv" },
  { name: "pattern", at: [".flow-card", ".story-sources"] },
  { name: "softmax", at: [".section-attention .section-steps"], section: "attention" },
  { name: "output", at: [".flow-fan", '[data-part="head_output"]'] },
  { name: "heads", at: [".head-grid"], section: "heads" },
  { name: "added", at: ['[data-part="resid_mid"]'] },
  { name: "mlp", at: [".section-mlp .section-columns"], section: "mlp" },
  { name: "blocks", at: ['[data-part="blocks"]'] },
  { name: "unembedding", at: [".section-unembedding .section-figure:last-of-type"], section: "unembedding" },
  { name: "probabilities", at: [".next-token"] },
  { name: "sampling", at: [".sampling"] },
  { name: "generate", at: [".generate"] },
  { name: "sum", at: [".arithmetic"], opens_sum: true },
  { name: "limits", at: [] },
  { name: "history", at: [] },
  { name: "end", at: [] },
];

/** Which stop is shown, if any; part of the page's state. */
export function createTourState() {
  return { stop: signal(/** @type {number | null} */ (null)) };
}
