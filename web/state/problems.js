import { effect } from "@preact/signals";

/**
 * Whatever was thrown, as a problem that can be shown: {code, message, detail}.
 * @param {unknown} error @returns {import("./types.js").Problem}
 */
export function toProblem(error) {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string") {
    const { code, message, detail } = /** @type {import("./types.js").Problem} */ (error);
    return { code, message, detail };
  }
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}

/** After these nothing answers until the workers are started anew. */
export const WORKERS_GONE = new Set(["worker_died", "no_model", "out_of_memory"]);

/**
 * A part that cannot be fetched is put down to a newer build where the host has one: the old one's files are gone.
 * @param {import("./state.js").State} state @param {{hasNewBuild: () => Promise<boolean>}} host
 */
export function explainFailures(state, host) {
  effect(() => {
    const problem = state.problem.value;
    if (problem?.code !== "network") return;
    void host.hasNewBuild().then((has_newer) => {
      if (has_newer && state.problem.peek() === problem) state.problem.value = { code: "new_build", message: "" };
    });
  });
}

/** Whether the run that was asked about has been replaced: its reply is not missed. @param {{code: string}} problem */
export const isOfAnEarlierRun = ({ code }) => code === "unknown_run" || code === "stale";

/**
 * Show what goes wrong in `work`, unless it concerns an earlier run.
 * @param {{problem: {value: import("./types.js").Problem | null}}} state @param {() => Promise<unknown>} work
 */
export function reporting(state, work) {
  work().catch((error) => {
    const problem = toProblem(error);
    if (!isOfAnEarlierRun(problem)) state.problem.value = problem;
  });
}
