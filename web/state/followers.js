import { effect } from "@preact/signals";
import { hasPart } from "../layout/river/parts.js";
import { createBlocks } from "./blocks.js";
import { createHeadMarks } from "./head_marks.js";
import { createLens } from "./lens.js";
import { reporting } from "./problems.js";
import { createThumbnails } from "./thumbnails.js";

/** @typedef {ReturnType<typeof createFollowers>} Followers */

/**
 * What single figures need, fetched while they are shown: the open block, all heads, the logit lens.
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api
 * @param {import("./stored.js").Stored} stored
 * @param {import("./run_figures.js").Figures} figures
 */
export function createFollowers(state, selectors, api, stored, figures) {
  const blocks = createBlocks(api, stored);
  const lens = createLens(state, selectors, api, figures);
  const marks = createHeadMarks(state, api);
  const small_patterns = createThumbnails(state, api, stored, blocks);

  async function refreshBlock() {
    const [run, part] = [state.run.value, state.open_part.value];
    if (!run || part?.kind !== "attention") return;
    const shape = state.model_shape.value;
    if (shape && !hasPart(part, shape.n_layer)) return;
    const data = blocks.at(run, part.layer) ?? (await blocks.hold(run, part.layer));
    if (data && state.run.peek() === run && state.open_part.peek() === part) state.block.value = data;
  }

  /** What every head attends to, in numbers, while all heads are shown. */
  async function refreshMarks() {
    const [run, tab] = [state.run.value, state.tab.value];
    if (run && !run.is_stored && tab === "heads") await marks.load(run);
  }

  function start() {
    effect(() => reporting(state, refreshBlock));
    effect(() => reporting(state, refreshMarks));
    small_patterns.start();
    lens.start();
  }

  return { start };
}
