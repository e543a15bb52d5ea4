import { signal } from "@preact/signals";

/**
 * A source of the page's Python, a reader's version of it, and what both make of the same inputs.
 *
 * @typedef {"sampling" | "attention"} Kind
 * @typedef {{reason: string, line: number | null, python: string, facts: Record<string, any>}} Mistake
 * @typedef {{data: Float32Array, shape: number[]}} Sheet
 * @typedef {{steps: import("./sampling_state.js").Steps, called: string[]}} SampledFigure
 * @typedef {{pattern: Sheet, output: Sheet}} AttendedFigure
 * @typedef {{figure: any, mistake: Mistake | null}} Reply a figure of its kind, or the mistake
 * @typedef {{kind: "sampling", run: import("./types.js").Run, options: import("./types.js").Options,
 *   labels: (token_id: number) => string}} SamplingPlace
 * @typedef {{kind: "attention", run: import("./types.js").Run, layer: number, head: number, own: Float32Array}} AttentionPlace
 *   `own`: the model's pattern
 * @typedef {SamplingPlace | AttentionPlace} Place what figures are of
 * @typedef {{place: Place, original: any, code: string | null, yours: Reply | null}} BenchFigures
 *   `code`: what `yours` was made with; null where nothing was run
 * @typedef {"idle" | "starting" | "running"} BenchActivity
 * @typedef {"stopped" | "overtime" | "failed" | "network"} BenchEnd why the last run has no answer
 */

/** The signals of the workbench; part of the page's state. */
export function createWorkbenchState() {
  return {
    // Which one is open: one at a time.
    bench: signal(/** @type {Kind | null} */ (null)),
    bench_sources: signal(/** @type {Partial<Record<Kind, string>>} */ ({})),
    // What stands in the editor, and what of it was run; absent while nothing was changed, or run.
    bench_codes: signal(/** @type {Partial<Record<Kind, string>>} */ ({})),
    bench_ran: signal(/** @type {Partial<Record<Kind, string>>} */ ({})),
    bench_activity: signal(/** @type {BenchActivity} */ ("idle")),
    bench_end: signal(/** @type {BenchEnd | null} */ (null)),
    bench_printed: signal({ text: "", is_cut: false }),
    bench_figures: signal(/** @type {BenchFigures | null} */ (null)),
  };
}
