import { batch, effect } from "@preact/signals";
import { keepCode, keptCode } from "./kept_code.js";
import { servingHead } from "./kinds.js";
import { latestOnly } from "./latest.js";
import { isOfAnEarlierRun, reporting, toProblem } from "./problems.js";

/**
 * @typedef {import("./workbench_state.js").Kind} Kind
 * @typedef {import("./workbench_state.js").Place} Place
 * @typedef {{start: () => Promise<unknown>, stop: () => void, source: (kind: Kind) => Promise<string>,
 *   run: (kind: Kind, source: string, given: object, onPrint: (text: string, is_cut: boolean) => void) =>
 *   Promise<import("./workbench_state.js").Reply>}} BenchHost a Python of its own
 * @typedef {ReturnType<typeof createWorkbench>} WorkbenchPart
 */

// So many of the likeliest tokens are listed.
const LISTED = 8;
// A version that takes longer is stopped by itself: a phone in a pocket should not compute for ever.
const LONGEST_MS = 10_000;
const PRINT_MS = 50;

/**
 * A reader's version of a source, run on what the page's own was run on. Nothing of it reaches the page's own Python.
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api @param {import("./run_figures.js").Figures} figures
 * @param {BenchHost} host
 */
export function createWorkbench(state, selectors, api, figures, host) {
  state.bench_codes.value = keptCode();
  let is_overtime = false;

  /** Which source is open where it can be seen. */
  function shown() {
    const [kind, tab, section] = [state.bench.value, state.tab.value, state.open_section.value];
    return kind === "sampling" ? tab === "sampling" && kind : kind && section === "attention" && kind;
  }

  /** @param {import("./types.js").Run} run @param {import("./types.js").Options} options */
  async function sampled(run, options) {
    const { token_ids, logits } = await api.probabilities(run.run_id, options);
    const names = await figures.labels();
    const labels = (/** @type {number} */ token_id) => names[token_id];
    /** @type {Place} */
    const place = { kind: "sampling", run, options, labels };
    return { place, given: { token_ids, logits, options, count: LISTED } };
  }

  /** @param {import("./types.js").Run} run @param {number} layer @param {number} head */
  async function attended(run, layer, head) {
    const of = servingHead(state.model_shape.peek(), head);
    const heads = { query: head, key: of, value: of, attention_pattern: head };
    const asked = Object.entries(heads).map(([name, at]) => ({ name, layer, head: at }));
    const [query, key, value, pattern] = (await api.tensors(run.run_id, asked)).tensors;
    /** @type {Place} */
    const place = { kind: "attention", run, layer, head, own: pattern.data };
    const given = { query: query.data, key: key.data, value: value.data, n_tokens: query.shape[0] };
    return { place, given };
  }

  /** @param {Kind} kind */
  async function sourceOf(kind) {
    const known = state.bench_sources.peek()[kind];
    if (known !== undefined) return known;
    const source = await host.source(kind);
    state.bench_sources.value = { ...state.bench_sources.peek(), [kind]: source };
    return source;
  }

  let printed = { text: "", is_cut: false };
  const showPrinted = () => {
    state.bench_printed.value = printed;
  };
  const print = (/** @type {string} */ text, /** @type {boolean} */ is_cut) => {
    // A hundred lines at once are one picture, not a hundred.
    if (printed === state.bench_printed.peek()) setTimeout(showPrinted, PRINT_MS);
    printed = { text: printed.text + text, is_cut: printed.is_cut || is_cut };
  };

  function forgetPrinted() {
    printed = { text: "", is_cut: false };
    showPrinted();
  }

  /** A reader's version, for no longer than it may take. @param {Kind} kind @param {string} code @param {object} given */
  async function runVersion(kind, code, given) {
    batch(() => {
      state.bench_activity.value = "running";
      forgetPrinted();
    });
    const limit = setTimeout(() => {
      is_overtime = true;
      host.stop();
    }, LONGEST_MS);
    try {
      return await host.run(kind, code, given, print);
    } finally {
      clearTimeout(limit);
      showPrinted();
    }
  }

  const compute = latestOnly(
    async (/** @type {Kind} */ kind, /** @type {() => Promise<{place: Place, given: object}>} */ ask) => {
      const code = state.bench_ran.peek()[kind];
      is_overtime = false;
      try {
        state.bench_activity.value = "starting";
        const [{ place, given }, source] = await Promise.all([ask(), sourceOf(kind), host.start()]);
        const original = (await host.run(kind, source, given, () => {})).figure;
        const yours = code === undefined ? null : await runVersion(kind, code, given);
        batch(() => {
          state.bench_figures.value = { place, original, code: code ?? null, yours };
          state.bench_end.value = null;
        });
      } catch (error) {
        const problem = toProblem(error);
        if (!isOfAnEarlierRun(problem)) giveUp(kind, code, problem);
      } finally {
        state.bench_activity.value = "idle";
      }
    },
  );

  /** @param {Kind} kind @param {string | undefined} code what was run @param {import("./types.js").Problem} problem */
  function giveUp(kind, code, problem) {
    // A closed workbench is stopped too, and nobody waits for an answer.
    if (shown() !== kind) return;
    const is_stopped = problem.code === "cancelled";
    batch(() => {
      state.bench_end.value = is_overtime
        ? "overtime"
        : is_stopped
          ? "stopped"
          : problem.code === "network"
            ? "network"
            : "failed";
      // It is not run again by itself when the text or a setting changes.
      if (code !== undefined) forgetRan(kind);
    });
    if (problem.code !== "network") host.start().catch(() => {});
  }

  /** @param {Kind} kind */
  function forgetRan(kind) {
    const { [kind]: _, ...others } = state.bench_ran.peek();
    state.bench_ran.value = others;
  }

  async function refresh() {
    const kind = shown();
    const [run, options, layer, head] = [state.run.value, selectors.options.value, state.layer.value, state.head.value];
    const code = state.bench_ran.value[/** @type {Kind} */ (kind)];
    if (!kind || !run || run.is_stored || state.activity.value !== "idle") return;
    // A version that was stopped leaves the figure of the original, which stands there already.
    if (
      code === undefined &&
      state.bench_end.peek() &&
      isOf(state.bench_figures.peek(), kind, run, options, layer, head)
    )
      return;
    await compute(kind, () => (kind === "sampling" ? sampled(run, options) : attended(run, layer, head)));
  }

  const actions = {
    /** Open a source, or close the one that is open. @param {Kind} kind */
    toggleBench(kind) {
      batch(() => {
        state.bench.value = state.bench.value === kind ? null : kind;
        state.bench_end.value = null;
        forgetPrinted();
      });
    },

    /** @param {Kind} kind @param {string} code what stands in the editor */
    editCode(kind, code) {
      const { [kind]: _, ...others } = state.bench_codes.peek();
      state.bench_codes.value = code === state.bench_sources.peek()[kind] ? others : { ...others, [kind]: code };
      keepCode(state.bench_codes.value);
    },

    /** Run what stands in the editor. @param {Kind} kind */
    runCode(kind) {
      const source = state.bench_sources.peek()[kind];
      if (source === undefined || state.bench_activity.peek() === "running") return;
      batch(() => {
        state.bench_end.value = null;
        // A new object: the same code may be run again.
        state.bench_ran.value = { ...state.bench_ran.peek(), [kind]: state.bench_codes.peek()[kind] ?? source };
      });
    },

    /** End what runs; text, tree and code stay. */
    stopCode: () => host.stop(),

    /** The source as the page runs it. @param {Kind} kind */
    resetCode(kind) {
      batch(() => {
        actions.editCode(kind, state.bench_sources.peek()[kind] ?? "");
        state.bench_end.value = null;
        forgetPrinted();
        forgetRan(kind);
      });
      if (state.bench_activity.peek() === "running") host.stop();
    },
  };

  function start() {
    effect(() => reporting(state, refresh));
    // Its memory comes back when nobody looks.
    effect(() => {
      if (!shown()) host.stop();
    });
    effect(() => {
      const kind = shown();
      if (kind)
        sourceOf(kind).catch(() => {
          state.bench_end.value = "network";
        });
    });
  }

  return { start, actions };
}

/**
 * Whether figures are of this place.
 * @param {import("./workbench_state.js").BenchFigures | null} figures @param {Kind} kind @param {import("./types.js").Run | null} run
 * @param {import("./types.js").Options} options @param {number} layer @param {number} head
 */
export function isOf(figures, kind, run, options, layer, head) {
  const place = figures?.place;
  if (!place || place.kind !== kind || place.run !== run) return false;
  return place.kind === "sampling" ? place.options === options : place.layer === layer && place.head === head;
}
