/** The river as numbers: a row for each part, a column for each block. */
import { ofAllHeads } from "./sources.js";

/**
 * @typedef {{kind: "stream" | "attention" | "bias" | "mlp", source: number | null, shares: number[], pushes: (number | null)[]}} TableRow
 *   [layer] each. The shares of stream, attention and bias add up to the stream after attention; the MLP's is of the stream
 *   after it. What was in the stream before has no push of its own.
 */

/** @param {import("./types.js").RiverData} river @returns {TableRow[]} */
export function riverTable(river) {
  const layers = Array.from({ length: river.n_layer }, (_, layer) => layer);
  const shares = layers.map((layer) => ofAllHeads(river, layer, "share"));
  const pushes = layers.map((layer) => ofAllHeads(river, layer, "push"));
  /** @type {TableRow[]} */
  const rows = [
    { kind: "stream", source: null, shares: Array.from(river.stream_share), pushes: layers.map(() => null) },
  ];
  for (let source = 0; source <= river.position; source++) {
    rows.push({
      kind: "attention",
      source,
      shares: shares.map((of_block) => of_block[source]),
      pushes: pushes.map((of_block) => of_block[source]),
    });
  }
  rows.push({ kind: "bias", source: null, shares: Array.from(river.bias_share), pushes: Array.from(river.bias_push) });
  rows.push({ kind: "mlp", source: null, shares: Array.from(river.mlp_share), pushes: Array.from(river.mlp_push) });
  return rows;
}
