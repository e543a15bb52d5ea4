import { effect } from "@preact/signals";
import { hasPart, isSamePart } from "../layout/river/parts.js";
import { latestOnly } from "./latest.js";
import { reporting } from "./problems.js";

/** The stage that computes a part, and the norm it is where it is one. @type {Record<string, {name: string, norm?: import("./sections_state.js").NormName}>} */
const STAGE_OF = {
  norm_1: { name: "layer_norm", norm: "norm_1" },
  norm_2: { name: "layer_norm", norm: "norm_2" },
  mlp: { name: "mlp" },
  embedding: { name: "embedding" },
  unembedding: { name: "unembedding" },
};

/**
 * The numbers of what is open in its place on the river, for the token whose river is drawn. Those of attention are the block's
 * (followers.js).
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {import("./section_data.js").SectionDataOf} dataOf
 */
export function createOpened(state, selectors, dataOf) {
  const load = latestOnly(dataOf);

  async function refresh() {
    const [part, run, shape] = [state.open_part.value, state.run.value, state.model_shape.value];
    const river = state.pointed_river.value ?? state.river.value;
    const position = river?.run === run ? river?.position : undefined;
    const isStillWanted = () => (state.pointed_river.peek() ?? state.river.peek()) === river;
    if (!part || !run || run.is_stored || !shape || position === undefined) return;
    const stage = STAGE_OF[part.kind];
    const held = state.opened.peek();
    const is_here = held?.run === run && held.position === position && isSamePart(held.part, part);
    if (!stage || !hasPart(part, shape.n_layer) || is_here) return;
    const place = { ...selectors.section_place.peek(), position, layer: part.layer ?? 0, norm: stage.norm ?? "norm_1" };
    const loaded = await load(stage.name, { run, ...place });
    if (!loaded || !isStillWanted() || !isSamePart(state.open_part.peek(), part)) return;
    state.opened.value = { part, run, position, ...loaded };
  }

  function start() {
    effect(() => reporting(state, refresh));
  }

  return { start };
}
