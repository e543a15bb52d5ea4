/**
 * The numbers of a stage, as docs/seams.md (`section`) describes them: for its section, or for what is open in its place.
 *
 * @typedef {ReturnType<typeof createSectionData>} SectionDataOf
 * @typedef {Omit<import("./sections_state.js").SectionData, "name" | "data" | "labels">} Place
 */

const NEURONS = 12;
const UNEMBEDDED = 12;
const SAMPLED = 40;

/** @param {import("../client/python_api.js").PythonApi} api @param {import("./run_figures.js").Figures} figures */
export function createSectionData(api, figures) {
  /** @type {Record<string, (place: Place) => Promise<any>>} */
  const loaders = {
    tokens: ({ run, position }) => api.merge_steps(run.run_id, position),
    embedding: ({ run, position }) => api.embedding(run.run_id, position),
    qkv: ({ run, layer, head, position }) => api.section(run.run_id, "qkv", { layer, head, position }),
    rotation: ({ run, layer, head, position }) => api.section(run.run_id, "rotation", { layer, head, position }),
    attention: ({ run, layer, head, position }) => api.section(run.run_id, "attention", { layer, head, position }),
    mlp: ({ run, layer, position }) => api.section(run.run_id, "mlp", { layer, position, count: NEURONS }),
    layer_norm: ({ run, layer, position, norm }) => api.section(run.run_id, "layer_norm", { norm, layer, position }),
    unembedding: ({ run, position }) => api.section(run.run_id, "unembedding", { position, count: UNEMBEDDED }),
    sampling: ({ run, options }) => api.section(run.run_id, "sampling", { options, count: SAMPLED }),
  };

  /** @param {string} name @param {Place} place @returns {Promise<{data: any, labels: string[]}>} labels of its token_ids */
  return async (name, place) => {
    const data = await loaders[name](place);
    const all = data.token_ids ? await figures.labels() : [];
    return { data, labels: Array.from(data.token_ids ?? [], (token_id) => all[token_id]) };
  };
}
