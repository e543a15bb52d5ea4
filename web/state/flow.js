import { effect, signal } from "@preact/signals";
import { relativeLengths, sliceLayer } from "../layout/flow/tensors.js";
import { thumbnails } from "../layout/head_grid.js";
import { lensColumns } from "../layout/lens.js";
import { latestOnly } from "./latest.js";
import { toProblem } from "./problems.js";

/**
 * @typedef {{attention: import("./types.js").Tensor, mlp: import("./types.js").Tensor}} Contributions
 *   [layer, position]: length of what is added, relative to the stream it is added to
 * @typedef {{run: import("./types.js").Run, layer: number, tensors: Map<string, import("./types.js").Tensor>,
 *   contributions: Contributions | null}} FlowData
 *   What the flow draws of one block; the tensors hold all heads and positions. With them "embedding", what enters block 1, and
 *   "ln_f", the final layer norm.
 * @typedef {{labels: string[], probabilities: Float32Array, final_ranks: Int32Array}} LensColumn
 *   [n_layer + 1] each, of one position; layer 0 is the embedding
 * @typedef {{run: import("./types.js").Run, n_layer: number, columns: Map<number, LensColumn>}} Lens by position
 * @typedef {{run: import("./types.js").Run, marks: string[], scores: import("./types.js").Tensor}} HeadMarks
 * @typedef {{run: import("./types.js").Run, layers: ReturnType<typeof thumbnails>[]}} Thumbnails of every block's heads
 * @typedef {{name: string, layer: number | null, head: number | null, row: number, index: number, value: number,
 *   shape: number[], x: number, y: number}} PointedValue where the pointer is, in px of the figure, and what is there
 * @typedef {ReturnType<typeof createFlow>} Flow
 */

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
const PATTERN = "attention_pattern";
// The other blocks are asked for once a reader has stopped changing things.
const QUIET_MS = 350;

/** The signals of the flow; part of the page's state. */
export function createFlowState() {
  return {
    flow: signal(/** @type {FlowData | null} */ (null)),
    lens: signal(/** @type {Lens | null} */ (null)),
    thumbnails: signal(/** @type {Thumbnails | null} */ (null)),
    head_marks: signal(/** @type {HeadMarks | null} */ (null)),
    // The token whose row is under the pointer or has the focus.
    pointed_token: signal(/** @type {number | null} */ (null)),
    pointed_value: signal(/** @type {PointedValue | null} */ (null)),
    // Ribbons of the chosen head, or the mean over all heads.
    is_mean_of_heads: signal(false),
    is_flow_table_shown: signal(false),
  };
}

/**
 * Fetches what the flow draws; every block once for each run.
 * @param {import("./state.js").State} state
 * @param {import("./python_api.js").Api} api
 * @param {import("./stored.js").Stored} stored
 * @param {import("./run_figures.js").Figures} figures
 */
export function createFlow(state, api, stored, figures) {
  const askTensors = latestOnly(api.tensors);
  /** @type {WeakMap<import("./types.js").Run, Map<number, FlowData>>} */
  const held = new WeakMap();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let quiet;

  /** @param {import("./types.js").Run} run */
  function blocksOf(run) {
    const blocks = held.get(run) ?? new Map();
    held.set(run, blocks);
    return blocks;
  }

  /** @param {import("./types.js").Run} run @param {number} layer @returns {FlowData} */
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
    const attention = relativeLengths(all.get("attn_out"), streams);
    const mlp = relativeLengths(all.get("mlp_out"), all.get("resid_mid"));
    return { run, layer, tensors, contributions: attention && mlp && { attention, mlp } };
  }

  /**
   * @param {import("./types.js").Run} run @param {number} layer
   * @returns {Promise<FlowData | null>} null when a newer request overtook this one
   */
  async function fromModel(run, layer) {
    const earlier = blocksOf(run).values().next().value;
    const asked = [...OF_BLOCK.map((name) => ({ name, layer })), ...(earlier ? [] : COMMON)];
    const reply = await askTensors(run.run_id, asked);
    if (!reply) return null;
    const contributions = earlier?.contributions ?? (await api.contributions(run.run_id));
    const tensors = new Map(OF_BLOCK.map((name, index) => [name, reply.tensors[index]]));
    COMMON_NAMES.forEach((name, index) => {
      tensors.set(name, earlier?.tensors.get(name) ?? reply.tensors[OF_BLOCK.length + index]);
    });
    return { run, layer, tensors, contributions };
  }

  /** Have a block at hand. @param {import("./types.js").Run} run @param {number} layer */
  async function hold(run, layer) {
    const blocks = blocksOf(run);
    const data = blocks.get(layer) ?? (run.is_stored ? fromStored(run, layer) : await fromModel(run, layer));
    if (data) blocks.set(layer, data);
    return data;
  }

  async function refresh() {
    const [run, layer] = [state.run.value, state.layer.value];
    if (!run) return;
    const known = blocksOf(run).get(layer);
    if (known) state.flow.value = known;
    else {
      const data = await hold(run, layer);
      if (data && state.run.value === run && state.layer.value === layer) state.flow.value = data;
    }
    clearTimeout(quiet);
    quiet = setTimeout(() => void afterwards(run).catch(() => {}), QUIET_MS);
  }

  /** What is not needed at once: the guesses of every block, and the blocks not yet looked at. @param {import("./types.js").Run} run */
  async function afterwards(run) {
    if (run.is_stored || !isQuiet(run)) return;
    await loadLens(run, [queryOf(run)]);
    if (isQuiet(run) && state.head_marks.value?.run !== run) {
      const reply = await api.head_marks(run.run_id);
      if (state.run.value === run) state.head_marks.value = { run, ...reply };
    }
    const n_layer = state.model_shape.value?.n_layer ?? 0;
    for (let layer = 0; layer < n_layer && isQuiet(run); layer++) await hold(run, layer);
  }

  /** @param {import("./types.js").Run} run */
  const isQuiet = (run) => state.run.value === run && state.activity.value === "idle";

  /** @param {import("./types.js").Run} run */
  const queryOf = (run) => Math.min(state.selected_query.value ?? Infinity, run.tokens.length - 1);

  /**
   * Have the guesses after every block at hand, one position at a time: between them the model can do other things.
   * @param {import("./types.js").Run} run @param {number[]} positions
   */
  async function loadLens(run, positions) {
    const labels = await figures.labels();
    for (const position of positions) {
      const known = state.lens.value?.run === run ? state.lens.value.columns : new Map();
      if (known.has(position) || !isQuiet(run)) continue;
      const { shape, token_ids, probabilities, final_ranks } = await api.lens(run.run_id, position, position + 1);
      if (state.run.value !== run) return;
      const column = { labels: Array.from(token_ids, (token_id) => labels[token_id]), probabilities, final_ranks };
      state.lens.value = { run, n_layer: shape[0] - 1, columns: new Map([...known, [position, column]]) };
    }
  }

  /** The guesses for every token, while the logit lens is open. */
  async function refreshLens() {
    const run = state.run.value;
    if (!run || run.is_stored || state.open_section.value !== "lens") return;
    await loadLens(run, lensColumns(run.tokens.length, queryOf(run)));
  }

  /** Every pattern, small: one block at a time, so that a long text needs no more memory than one block has. */
  async function refreshThumbnails() {
    const [run, shape] = [state.run.value, state.model_shape.value];
    if (!run || !shape || state.open_section.value !== "heads" || state.thumbnails.value?.run === run) return;
    const stored_patterns = run.is_stored ? stored.tensors().get(PATTERN) : undefined;
    const layers = [];
    for (let layer = 0; layer < shape.n_layer && state.run.value === run; layer++) {
      const held_pattern = blocksOf(run).get(layer)?.tensors.get(PATTERN);
      if (held_pattern) layers.push(thumbnails(held_pattern));
      else if (run.is_stored) stored_patterns && layers.push(thumbnails(sliceLayer(stored_patterns, layer)));
      else layers.push(thumbnails((await api.tensors(run.run_id, [{ name: PATTERN, layer }])).tensors[0]));
    }
    if (state.run.value === run && layers.length === shape.n_layer) state.thumbnails.value = { run, layers };
  }

  /** @param {() => Promise<void>} load */
  function reporting(load) {
    load().catch((error) => {
      const problem = toProblem(error);
      // A run that is gone has been replaced; its reply is not missed.
      if (problem.code !== "unknown_run" && problem.code !== "stale") state.problem.value = problem;
    });
  }

  /** Follow the run, the block, and what is unfolded. */
  function start() {
    // Whoever chooses a head wants to see that one.
    effect(() => {
      void state.head.value;
      state.is_mean_of_heads.value = false;
    });
    effect(() => {
      void [state.run.value, state.layer.value, state.activity.value, state.selected_query.value];
      reporting(refresh);
    });
    effect(() => {
      void [state.run.value, state.open_section.value];
      reporting(refreshThumbnails);
    });
    effect(() => {
      void [state.run.value, state.open_section.value, state.activity.value, state.selected_query.value];
      reporting(refreshLens);
    });
  }

  return { start };
}

/** @param {import("./state.js").State} state */
export function createPointing(state) {
  return {
    /** @param {number | null} position */
    pointAtToken(position) {
      state.pointed_token.value = position;
    },

    /** @param {PointedValue | null} value */
    pointAtValue(value) {
      state.pointed_value.value = value;
    },

    /** Ribbons of the chosen head, or of the mean over all heads. */
    toggleMeanOfHeads() {
      state.is_mean_of_heads.value = !state.is_mean_of_heads.value;
    },

    toggleFlowTable() {
      state.is_flow_table_shown.value = !state.is_flow_table_shown.value;
    },
  };
}
