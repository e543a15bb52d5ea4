import { batch, effect } from "@preact/signals";
import { latestOnly } from "./latest.js";
import { isOfAnEarlierRun, toProblem } from "./problems.js";
import { createSectionData } from "./section_data.js";
import { SECTION_OF } from "./sections_state.js";

/** @typedef {ReturnType<typeof createSections>} Sections */

const NEAREST = 10;
// Tensors with a row for each position and as many columns as a head has.
const OF_HEADS = new Set(["query", "key", "value", "query_pre_rotation", "key_pre_rotation", "head_output"]);
/** @param {string} name @returns {name is import("./sections_state.js").StageName} */
const isStage = (name) => name in SECTION_OF;

/**
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api @param {import("./run_figures.js").Figures} figures
 */
export function createSections(state, selectors, api, figures) {
  const load = latestOnly(createSectionData(api, figures));
  const askExplain = latestOnly(api.explain);

  async function refresh() {
    const [name, run] = [state.open_section.value, state.run.value];
    // Read before anything is awaited: the section shows what it was asked with.
    const asked = selectors.section_place.value;
    if (!name || !isStage(name) || !run || run.is_stored || selectors.is_section_current.value) return;
    const loaded = await load(name, { run, ...asked });
    if (!loaded || state.run.peek() !== run || state.open_section.peek() !== name) return;
    state.section.value = { name, run, ...asked, ...loaded };
    if (name === "embedding") await loadNeighbours(run, asked.position);
  }

  /** What concerns the whole vocabulary or every position comes after the rest. @param {import("./types.js").Run} run @param {number} position */
  async function loadNeighbours(run, position) {
    const model = state.model_name.peek();
    const token_id = run.token_ids[position];
    const has_positions = state.model_shape.peek()?.position === "learned";
    if (has_positions && state.position_embeddings.peek()?.model !== model) {
      const reply = await api.position_embeddings();
      state.position_embeddings.value = { model, ...reply };
    }
    const near = state.nearest_tokens.peek();
    if (near?.model === model && near.token_id === token_id) return;
    const [reply, all] = await Promise.all([api.nearest_tokens(token_id, NEAREST), figures.labels()]);
    const labels = Array.from(reply.token_ids, (id) => all[id]);
    state.nearest_tokens.value = { model, token_id, labels, similarities: reply.similarities };
  }

  async function refreshExplained() {
    const [cell, run] = [state.explained_cell.value, state.run.value];
    if (!cell || !run || run.is_stored) {
      state.explained.value = null;
      return;
    }
    const answer = await askExplain(run.run_id, cell);
    if (!answer || state.run.peek() !== run || state.explained_cell.peek() !== cell) return;
    state.explained.value = { run, cell, answer };
  }

  /** @param {() => Promise<void>} call */
  function reporting(call) {
    call().catch((error) => {
      const problem = toProblem(error);
      if (isOfAnEarlierRun(problem)) return;
      // A cell of the last run may be none of this one.
      batch(() => {
        if (problem.code === "unknown_tensor") state.explained_cell.value = null;
        else state.problem.value = problem;
      });
    });
  }

  /** Follow what is unfolded, and what it depends on. */
  function start() {
    effect(() => reporting(refresh));
    effect(() => reporting(refreshExplained));
  }

  const actions = {
    /** Which layer norm the section of that name shows. @param {import("./sections_state.js").NormName} name */
    selectNorm(name) {
      state.norm.value = name;
    },

    /**
     * The cell beside the explained one; nothing at the edge of its tensor.
     * @param {number} rows @param {number} columns how far to go
     */
    moveExplained(rows, columns) {
      const [cell, run] = [state.explained_cell.value, state.run.value];
      if (!cell || !run) return;
      const [row, column] = [cell.row + rows, cell.column + columns];
      const n_columns = columnsOf(cell.name, run);
      if (row < 0 || row >= run.tokens.length || column < 0 || column >= n_columns) return;
      state.explained_cell.value = { ...cell, row, column };
    },
  };

  /** Length of a tensor's last axis. @param {string} name @param {import("./types.js").Run} run */
  function columnsOf(name, run) {
    if (name.startsWith("attention_")) return run.tokens.length;
    if (name === "logits") return state.prediction.value?.vocab_size ?? Infinity;
    const shape = state.model_shape.value;
    if (!shape) return Infinity;
    if (name.startsWith("mlp_") && name !== "mlp_out") return shape.d_mlp;
    return OF_HEADS.has(name) ? shape.d_head : shape.n_embd;
  }

  return { start, actions };
}
