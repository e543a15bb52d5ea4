/**
 * What every head attends to, in numbers; once a run.
 * @param {import("./state.js").State} state @param {Pick<import("../client/python_api.js").PythonApi, "head_marks">} api
 */
export function createHeadMarks(state, api) {
  return {
    /** @param {import("./types.js").Run} run */
    async load(run) {
      if (state.head_marks.value?.run === run) return;
      const reply = await api.head_marks(run.run_id);
      if (state.run.value === run) state.head_marks.value = { run, ...reply };
    },
  };
}
