import { sliceLayer } from "../layout/tensors.js";
import { latestOnly } from "./latest.js";

/** @typedef {ReturnType<typeof createBlocks>} Blocks */

// With the text of a page GPT-2 (124M) fits whole; of a long one the block looked at, and what there is room for.
const BUDGET_BYTES = 64 * 2 ** 20;
const OF_BLOCK = ["query", "key", "value", "attention_pattern", "head_output"];

/**
 * The tensors of a run's blocks, each asked for once while there is room; what was used longest ago makes room.
 * @param {Pick<import("../client/python_api.js").PythonApi, "tensors">} api
 * @param {Pick<import("./stored.js").Stored, "tensors">} stored
 * @param {number} [budget_bytes]
 */
export function createBlocks(api, stored, budget_bytes = BUDGET_BYTES) {
  const askTensors = latestOnly(api.tensors);
  /** @type {import("./types.js").Run | null} */
  let held_run = null;
  /** @type {Map<number, import("./figures_state.js").BlockData>} by block; the last used stands last */
  const held = new Map();

  /** @param {import("./types.js").Run} run */
  function begin(run) {
    if (run === held_run) return;
    held_run = run;
    held.clear();
  }

  /** @param {import("./types.js").Run} run @param {number} layer @returns {import("./figures_state.js").BlockData} */
  function fromStored(run, layer) {
    const all = stored.tensors();
    const tensors = new Map();
    for (const name of OF_BLOCK) {
      const tensor = all.get(name);
      if (tensor) tensors.set(name, sliceLayer(tensor, layer));
    }
    return { run, layer, tensors };
  }

  /**
   * @param {import("./types.js").Run} run @param {number} layer
   * @returns {Promise<import("./figures_state.js").BlockData | null>} null when a newer request overtook this one
   */
  async function fromModel(run, layer) {
    const asked = OF_BLOCK.map((name) => ({ name, layer }));
    const reply = await askTensors(run.run_id, asked);
    if (!reply || run !== held_run) return null;
    return { run, layer, tensors: new Map(OF_BLOCK.map((name, index) => [name, reply.tensors[index]])) };
  }

  const bytesHeld = () => [...held.values()].reduce((sum, data) => sum + bytesOf(data), 0);

  return {
    /** A block that is at hand. @param {import("./types.js").Run} run @param {number} layer */
    at: (run, layer) => (run === held_run ? held.get(layer) : undefined),

    /**
     * Have a block at hand. @param {import("./types.js").Run} run @param {number} layer
     * @returns {Promise<import("./figures_state.js").BlockData | null>} null when a newer request or run overtook this one
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

/** @param {import("./figures_state.js").BlockData} data */
function bytesOf({ run, tensors }) {
  // Those of a stored run are views of one file, which stands in memory anyway.
  if (run.is_stored) return 0;
  return OF_BLOCK.reduce((sum, name) => sum + (tensors.get(name)?.data.byteLength ?? 0), 0);
}
