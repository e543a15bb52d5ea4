/**
 * What the pointer is at.
 * @param {import("./state.js").State} state
 */
export function createPointing(state) {
  return {
    /** @param {number | null} position */
    pointAtToken(position) {
      state.pointed_token.value = position;
    },
  };
}
