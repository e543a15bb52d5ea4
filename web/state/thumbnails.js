import { effect } from "@preact/signals";
import { thumbnails } from "../layout/head_grid.js";
import { sliceLayer } from "../layout/tensors.js";
import { reporting } from "./problems.js";

const PATTERN = "attention_pattern";

/**
 * Every pattern, small, while all heads are shown: one block at a time, so that a long text needs no more memory than
 * one block has.
 * @param {import("./state.js").State} state @param {Pick<import("../client/python_api.js").PythonApi, "tensors">} api
 * @param {Pick<import("./stored.js").Stored, "tensors">} stored @param {import("./blocks.js").Blocks} blocks
 */
export function createThumbnails(state, api, stored, blocks) {
  /** @param {import("./types.js").Run} run @param {number} layer */
  async function patternsOf(run, layer) {
    const held = blocks.at(run, layer)?.tensors.get(PATTERN);
    if (held) return held;
    if (!run.is_stored) return (await api.tensors(run.run_id, [{ name: PATTERN, layer }])).tensors[0];
    const all = stored.tensors().get(PATTERN);
    return all && sliceLayer(all, layer);
  }

  async function refresh() {
    const [run, shape, section] = [state.run.value, state.model_shape.value, state.tab.value];
    if (!run || !shape || section !== "heads" || state.thumbnails.peek()?.run === run) return;
    const layers = [];
    for (let layer = 0; layer < shape.n_layer && state.run.peek() === run; layer++) {
      const patterns = await patternsOf(run, layer);
      if (patterns) layers.push(thumbnails(patterns));
    }
    if (state.run.peek() === run && layers.length === shape.n_layer) state.thumbnails.value = { run, layers };
  }

  return { start: () => void effect(() => reporting(state, refresh)) };
}
