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
