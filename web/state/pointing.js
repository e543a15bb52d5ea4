/**
 * What the pointer is at in the flow, and how the flow is drawn.
 * @param {import("./state.js").State} state
 */
export function createPointing(state) {
  return {
    /** @param {number | null} position */
    pointAtToken(position) {
      state.pointed_token.value = position;
    },

    /** @param {import("./flow_state.js").PointedValue | null} value */
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
