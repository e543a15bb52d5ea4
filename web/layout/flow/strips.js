/**
 * Which tensors the flow draws as strips, and where.
 *
 * @typedef {import("../../state/types.js").Tensor} Tensor
 * @typedef {{name: string, layer: number | null, head: number | null, tensor: Tensor}} Lane
 *   One strip in each row; `tensor` has the axes (position, …).
 * @typedef {"residual" | "query" | "key" | "value" | "attention" | "mlp"} Role
 * @typedef {{column: import("./columns.js").ColumnName, lanes: Lane[], role: Role}} StripColumn
 */

import { cellCount, SHARE_WITHIN, scaleLimit } from "../strip.js";
import { sliceLayer } from "./tensors.js";

/** @type {{column: import("./columns.js").ColumnName, names: string[], role: Role}[]} */
const COLUMNS = [
  { column: "embedding", names: ["embedding"], role: "residual" },
  { column: "resid_pre", names: ["resid_pre"], role: "residual" },
  { column: "ln_1", names: ["ln_1"], role: "residual" },
  { column: "query_key", names: ["query", "key"], role: "query" },
  { column: "value", names: ["value"], role: "value" },
  { column: "attn_out", names: ["attn_out"], role: "attention" },
  { column: "resid_mid", names: ["resid_mid"], role: "residual" },
  { column: "ln_2", names: ["ln_2"], role: "residual" },
  { column: "mlp_post", names: ["mlp_post"], role: "mlp" },
  { column: "mlp_out", names: ["mlp_out"], role: "mlp" },
  { column: "resid_post", names: ["resid_post"], role: "residual" },
];
const OF_HEAD = new Set(["query", "key", "value", "head_output"]);

/**
 * @param {Map<string, Tensor>} tensors of one block @param {string} name
 * @param {number} layer @param {number} head
 * @returns {Lane | null} null where the tensor is not at hand
 */
export function laneOf(tensors, name, layer, head) {
  const tensor = tensors.get(name);
  if (!tensor) return null;
  // What enters block 1: the embedding is the first block's residual stream.
  if (name === "embedding") return { name: "resid_pre", layer: 0, head: null, tensor };
  if (name === "ln_f") return { name, layer: null, head: null, tensor };
  if (!OF_HEAD.has(name)) return { name, layer, head: null, tensor };
  return { name, layer, head, tensor: sliceLayer(tensor, head) };
}

/**
 * The columns of strips there are data for.
 * @param {Map<string, Tensor>} tensors @param {number} layer @param {number} head
 * @returns {StripColumn[]}
 */
export function stripColumns(tensors, layer, head) {
  return COLUMNS.map(({ column, names, role }) => ({
    column,
    role,
    lanes: names.flatMap((name) => laneOf(tensors, name, layer, head) ?? []),
  })).filter(({ lanes }) => lanes.length > 0);
}

/**
 * Where the one scale of a column's strips ends. A cell shows the extreme of the values it stands for: the more they are,
 * the farther out it lies, and the scale reaches so far that about half of the cells keep within it.
 * @param {Lane[]} lanes @param {number} width in px
 */
export function columnLimit(lanes, width) {
  return Math.max(
    ...lanes.map(({ tensor: { data, shape } }) => {
      const length = shape[shape.length - 1];
      return scaleLimit(data, Math.max(SHARE_WITHIN, 0.5 ** (cellCount(length, width) / length)));
    }),
  );
}

/**
 * Upper edges and height of a row's lanes around its middle.
 * @param {number} middle @param {number} height of all lanes @param {number} n_lanes
 * @returns {{tops: number[], height: number}}
 */
export function lanePlaces(middle, height, n_lanes) {
  const gap = n_lanes > 1 ? 2 : 0;
  const lane_height = (height - gap * (n_lanes - 1)) / n_lanes;
  return {
    tops: Array.from({ length: n_lanes }, (_, lane) => middle - height / 2 + lane * (lane_height + gap)),
    height: lane_height,
  };
}
