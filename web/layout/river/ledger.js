/**
 * Why this answer: the parts that speak for and against it, adding up to its lead.
 *
 * @typedef {{kind: "attention", layer: number, source: number, push: number} | {kind: "mlp" | "patch", layer: number, push: number}
 *   | {kind: "token" | "position" | "biases", push: number}} Part
 * @typedef {{parts: Part[], rest: number, n_rest: number, lead: number}} Ledger largest first; `rest` are all others together
 */
import { ofAllHeads } from "./sources.js";

/** All parts, in the order of the model. @param {import("./types.js").RiverData} river @returns {Part[]} */
export function partsOf(river) {
  /** @type {Part[]} */
  const parts = [
    { kind: "token", push: river.token_push },
    { kind: "position", push: river.position_push },
  ];
  let biases = river.final_push;
  for (let layer = 0; layer < river.n_layer; layer++) {
    for (const [source, push] of ofAllHeads(river, layer, "push").entries())
      parts.push({ kind: "attention", layer, source, push });
    parts.push({ kind: "mlp", layer, push: river.mlp_push[layer] });
    if (river.patch_push[layer] !== 0) parts.push({ kind: "patch", layer, push: river.patch_push[layer] });
    biases += river.bias_push[layer];
  }
  parts.push({ kind: "biases", push: biases });
  return parts;
}

/** @param {import("./types.js").RiverData} river @param {number} count parts named one by one @returns {Ledger} */
export function ledgerOf(river, count) {
  const sorted = partsOf(river).sort((a, b) => Math.abs(b.push) - Math.abs(a.push));
  const rest = sorted.slice(count);
  return {
    parts: sorted.slice(0, count),
    rest: rest.reduce((sum, { push }) => sum + push, 0),
    n_rest: rest.length,
    lead: river.lead,
  };
}
