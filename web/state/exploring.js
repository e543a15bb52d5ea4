import { signal } from "@preact/signals";

/**
 * What is unfolded of the flow: at most one section, and at most one cell with the sum behind it.
 *
 * @typedef {"tokens" | "embedding" | "qkv" | "rotation" | "attention" | "mlp" | "layer_norm" | "unembedding" | "sampling" | "heads"
 *   | "lens"} SectionName
 * @typedef {{name: string, layer: number | null, head: number | null, row: number, column: number}} ExplainedCell
 *   One number of one tensor, in the words of `explain` (docs/seams.md): `row` is a position or query, `column` an index
 *   along the last axis or a key; `layer` and `head` null where the tensor has none.
 * @typedef {ReturnType<typeof createExploring>} Exploring
 */

/** The signals of what is unfolded; part of the page's state. */
export function createExploringState() {
  return {
    open_section: signal(/** @type {SectionName | null} */ (null)),
    explained_cell: signal(/** @type {ExplainedCell | null} */ (null)),
  };
}

/** @param {ReturnType<typeof createExploringState> & Pick<ReturnType<typeof import("./river_state.js").createRiverState>, "tab">} state */
export function createExploring(state) {
  return {
    /** Unfold a section; the same once more folds it, and so does null. @param {SectionName | null} name */
    openSection(name) {
      if (name === "heads" || name === "lens") {
        state.tab.value = name;
        return;
      }
      state.open_section.value = state.open_section.value === name ? null : name;
    },

    /** Show the sum behind a cell; null puts it away. @param {ExplainedCell | null} cell */
    explainCell(cell) {
      state.explained_cell.value = cell;
    },
  };
}
