import { reporting } from "./problems.js";

// What is drawn of a sweep follows it this often at most.
const DRAWN_MS = 80;

/**
 * What matters for the answer: one change at a time, with progress; it stops within a pass.
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api
 */
export function createSweeping(state, selectors, api) {
  let newest = 0;

  /** @param {"heads" | "ribbons" | "rows"} kind @param {{other_id?: number, pairs?: [number, number][], answer?: {token_id: number, label: string, own: number}}} [of_rows] */
  async function run(kind, { other_id, pairs = [], answer } = {}) {
    const of_run = state.run.peek();
    const shape = state.model_shape.peek();
    const asked = answer ?? state.prediction.peek()?.candidates[0];
    if (!of_run || of_run.is_stored || !shape || !asked || !selectors.is_live.peek()) return;
    const request = ++newest;
    const n_columns = { heads: shape.n_head, ribbons: of_run.tokens.length, rows: pairs.length }[kind];
    const count = shape.n_layer * n_columns;
    const probabilities = new Float32Array(count).fill(Number.NaN);
    const top_ids = new Int32Array(count).fill(-1);
    const { token_id, label, own: before } = asked;
    const draw = (/** @type {number} */ n_done, /** @type {boolean} */ is_running) => {
      const values = { probabilities: probabilities.slice(), top_ids: top_ids.slice() };
      const about = { run: of_run, kind, n_columns, token_id, label, before, pairs };
      state.sweep.value = { ...about, ...values, n_done, is_running };
    };
    draw(0, true);
    let n_done = 0;
    let drawn_at = performance.now();
    const isStill = () => request === newest && state.run.peek()?.run_id === of_run.run_id;
    try {
      while (n_done < count && isStill()) {
        const question = { kind, token_id, start: n_done, stop: n_done + 1, other_id, pairs };
        const found = await api.sweep(of_run.run_id, question);
        probabilities.set(found.probabilities, n_done);
        top_ids.set(found.top_ids, n_done);
        n_done++;
        if (isStill() && performance.now() - drawn_at > DRAWN_MS) {
          draw(n_done, true);
          drawn_at = performance.now();
        }
      }
    } finally {
      if (request === newest) draw(n_done, false);
    }
  }

  return {
    /** @param {"heads" | "ribbons"} kind */
    startSweep: (kind) => reporting(state, () => run(kind)),

    /** @param {{other_id: number, pairs: [number, number][], answer: {token_id: number, label: string, own: number}}} of_rows */
    startMap: (of_rows) => reporting(state, () => run("rows", of_rows)),

    stopSweep() {
      newest++;
      const sweep = state.sweep.peek();
      if (sweep?.is_running) state.sweep.value = { ...sweep, is_running: false };
    },

    clearSweep() {
      newest++;
      state.sweep.value = null;
    },
  };
}
