import { effect } from "@preact/signals";
import { createBlocks } from "./blocks.js";
import { createHeadMarks } from "./head_marks.js";
import { createLens } from "./lens.js";
import { reporting } from "./problems.js";
import { createThumbnails } from "./thumbnails.js";

/** @typedef {ReturnType<typeof createFlow>} Flow */

// The other blocks are asked for once a reader has stopped changing things.
const QUIET_MS = 350;

/**
 * Fetches what the flow draws, and afterwards what a reader may look at next.
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api
 * @param {import("./stored.js").Stored} stored
 * @param {import("./run_figures.js").Figures} figures
 */
export function createFlow(state, selectors, api, stored, figures) {
  const blocks = createBlocks(api, stored);
  const lens = createLens(state, selectors, api, figures);
  const marks = createHeadMarks(state, api);
  const small_patterns = createThumbnails(state, api, stored, blocks);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let quiet;

  async function refresh() {
    const [run, layer] = [state.run.value, state.layer.value];
    void [state.activity.value, selectors.query.value];
    if (!run) return;
    const known = blocks.at(run, layer);
    if (known) state.flow.value = known;
    else {
      const data = await blocks.hold(run, layer);
      if (data && state.run.peek() === run && state.layer.peek() === layer) state.flow.value = data;
    }
    clearTimeout(quiet);
    // What was not asked for and fails is asked for again once it is needed.
    quiet = setTimeout(() => void afterwards(run).catch(() => {}), QUIET_MS);
  }

  /**
   * What is not needed at once: the guesses of every block, and the blocks not yet looked at.
   * @param {import("./types.js").Run} run
   */
  async function afterwards(run) {
    const isQuiet = () => state.run.value === run && state.activity.value === "idle";
    if (run.is_stored || !isQuiet()) return;
    await lens.load(run, [selectors.query.value]);
    if (isQuiet()) await marks.load(run);
    const n_layer = state.model_shape.value?.n_layer ?? 0;
    for (let layer = 0; layer < n_layer && isQuiet(); layer++) {
      if (!blocks.at(run, layer) && blocks.hasRoom()) await blocks.hold(run, layer);
    }
  }

  /** Follow the run, the block, and what is unfolded. */
  function start() {
    // Whoever chooses a head wants to see that one.
    effect(() => {
      void state.head.value;
      state.is_mean_of_heads.value = false;
    });
    effect(() => reporting(state, refresh));
    small_patterns.start();
    lens.start();
  }

  return { start };
}
