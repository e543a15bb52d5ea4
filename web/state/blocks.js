import { sliceLayer } from "../layout/flow/tensors.js";
import { latestOnly } from "./latest.js";

/** @typedef {ReturnType<typeof createBlocks>} Blocks */

// With the text of a page GPT-2 (124M) fits whole; of a long one the block looked at, and what there is room for.
const BUDGET_BYTES = 64 * 2 ** 20;
const OF_BLOCK = [
  "resid_pre",
  "ln_1",
  "query",
  "key",
  "value",
  "attention_pattern",
  "head_output",
  "attn_out",
  "resid_mid",
  "ln_2",
  "mlp_post",
  "mlp_out",
  "resid_post",
];
// Of no block, so the same whichever is looked at.
const COMMON = [{ name: "resid_pre", layer: 0 }, { name: "ln_f" }];
const COMMON_NAMES = ["embedding", "ln_f"];

/**
 * The tensors of a run's blocks, each asked for once while there is room; what was used longest ago makes room.
 * @param {Pick<import("../client/python_api.js").PythonApi, "tensors" | "contributions">} api
 * @param {Pick<import("./stored.js").Stored, "tensors" | "contributions">} stored
 * @param {number} [budget_bytes]
 */
export function createBlocks(api, stored, budget_bytes = BUDGET_BYTES) {
  const askTensors = latestOnly(api.tensors);
  /** @type {import("./types.js").Run | null} */
  let held_run = null;
  /** @type {Map<number, import("./flow_state.js").FlowData>} by block; the last used stands last */
  const held = new Map();
  /** @type {Pick<import("./flow_state.js").FlowData, "contributions"> & {tensors: import("./types.js").Tensor[]} | null} */
  let common = null;

  /** @param {import("./types.js").Run} run */
  function begin(run) {
    if (run === held_run) return;
    held_run = run;
    held.clear();
    common = null;
  }

  /** @param {import("./types.js").Run} run @param {number} layer @returns {import("./flow_state.js").FlowData} */
  function fromStored(run, layer) {
    const all = stored.tensors();
    const tensors = new Map();
    for (const name of OF_BLOCK) {
      const tensor = all.get(name);
      if (tensor) tensors.set(name, sliceLayer(tensor, layer));
    }
    const streams = all.get("resid_pre");
    if (streams) tensors.set("embedding", sliceLayer(streams, 0));
    const last = all.get("ln_f");
    if (last) tensors.set("ln_f", last);
    return { run, layer, tensors, contributions: stored.contributions() };
  }

  /**
   * @param {import("./types.js").Run} run @param {number} layer
   * @returns {Promise<import("./flow_state.js").FlowData | null>} null when a newer request overtook this one
   */
  async function fromModel(run, layer) {
    const reply = await askTensors(run.run_id, [
      ...OF_BLOCK.map((name) => ({ name, layer })),
      ...(common ? [] : COMMON),
    ]);
    if (!reply || run !== held_run) return null;
    const known = common ?? {
      tensors: reply.tensors.slice(OF_BLOCK.length),
      contributions: await api.contributions(run.run_id),
    };
    if (run !== held_run) return null;
    common = known;
    const tensors = new Map(OF_BLOCK.map((name, index) => [name, reply.tensors[index]]));
    for (const [index, name] of COMMON_NAMES.entries()) tensors.set(name, known.tensors[index]);
    return { run, layer, tensors, contributions: known.contributions };
  }

  const bytesHeld = () => [...held.values()].reduce((sum, data) => sum + bytesOf(data), 0);

  return {
    /** A block that is at hand. @param {import("./types.js").Run} run @param {number} layer */
    at: (run, layer) => (run === held_run ? held.get(layer) : undefined),

    /** Whether one more block like those held fits. */
    hasRoom: () => bytesHeld() * (1 + 1 / Math.max(1, held.size)) <= budget_bytes,

    /**
     * Have a block at hand. @param {import("./types.js").Run} run @param {number} layer
     * @returns {Promise<import("./flow_state.js").FlowData | null>} null when a newer request or run overtook this one
     */
    async hold(run, layer) {
      begin(run);
      const data = held.get(layer) ?? (run.is_stored ? fromStored(run, layer) : await fromModel(run, layer));
      if (!data) return null;
      held.delete(layer);
      held.set(layer, data);
      for (const oldest of held.keys()) {
        if (oldest === layer || bytesHeld() <= budget_bytes) break;
        held.delete(oldest);
      }
      return data;
    },
  };
}

/** @param {import("./flow_state.js").FlowData} data */
function bytesOf({ run, tensors }) {
  // Those of a stored run are views of one file, which stands in memory anyway.
  if (run.is_stored) return 0;
  return OF_BLOCK.reduce((sum, name) => sum + (tensors.get(name)?.data.byteLength ?? 0), 0);
}
