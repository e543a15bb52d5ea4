/** @typedef {ReturnType<typeof createSelecting>} Selecting */

/**
 * What a reader looks at, and how the page speaks and looks.
 * @param {import("./state.js").State} state
 */
export function createSelecting(state) {
  return {
    /** @param {number} layer */
    selectLayer(layer) {
      const { n_layer } = state.model_shape.value ?? { n_layer: 1 };
      state.layer.value = wrap(layer, n_layer);
    },

    /** @param {number} head */
    selectHead(head) {
      const { n_head } = state.model_shape.value ?? { n_head: 1 };
      state.head.value = wrap(head, n_head);
    },

    /** Put a token's row forward; the same once more goes back to the last. @param {number | null} position */
    selectQuery(position) {
      state.selected_query.value = state.selected_query.value === position ? null : position;
    },

    /** @param {Partial<import("./types.js").Sampling>} changes */
    setSampling(changes) {
      state.sampling.value = { ...state.sampling.value, ...changes };
    },

    /** @param {number} count */
    setPlayCount(count) {
      state.play_count.value = count;
    },

    /** @param {number} pace_ms */
    setPace(pace_ms) {
      state.pace_ms.value = pace_ms;
    },

    /** @param {import("./types.js").Panel} panel */
    openPanel(panel) {
      state.open_panel.value = panel;
    },

    /** @param {import("./types.js").Language} language */
    setLanguage(language) {
      state.language.value = language;
    },

    /** @param {import("./types.js").Theme} theme */
    setTheme(theme) {
      state.theme.value = theme;
    },

    /** @param {string | null} code */
    setNotice(code) {
      state.notice.value = code;
    },

    dismissProblem() {
      state.problem.value = null;
    },
  };
}

/** After the last comes the first. @param {number} index @param {number} count */
function wrap(index, count) {
  return ((index % count) + count) % count;
}
