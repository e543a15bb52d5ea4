import { createEstimate } from "./estimate.js";
import { toProblem } from "./problems.js";

/** @typedef {ReturnType<typeof createLoading>} Loading */

/**
 * The half of the client that starts Python and fetches models.
 * @typedef {{name: string, display_name: string, parameters?: number, licence?: string, source?: string, bytes: number,
 *   is_loaded: boolean, backend?: "wasm" | "webgpu", threads?: number, compute?: import("./types.js").Compute,
 *   config?: import("./types.js").ModelShape, end_tokens?: number[], has_chat?: boolean}} ModelInfo
 * @typedef {object} Host
 * @property {() => Promise<unknown>} ready settles when a text can be run
 * @property {() => Promise<ModelInfo[]>} models
 * @property {(name: string) => Promise<unknown>} load fetch a model if need be, then answer with it
 * @property {(name: string) => Promise<unknown>} cancel stop fetching; what has arrived is kept
 * @property {() => number} useCount changes when the runs that there were are gone
 * @property {() => Promise<boolean>} hasNewBuild whether a newer version of the page has been published
 * @property {(name: string, choice: import("./types.js").BackendChoice) => Promise<unknown>} chooseBackend where a loaded model is computed
 * @property {() => Promise<unknown>} restart begin anew after a failure
 * @typedef {{kind: "boot" | "model", name?: string, loaded_bytes: number, total_bytes: number}} Progress
 */

/**
 * Start-up, models, and what happens when either fails.
 * @param {import("./state.js").State} state
 * @param {Host} host
 * @param {() => Promise<unknown>} readAgain run the text in the box with the model in use
 * @param {() => Promise<unknown>} keepAnswer what the model in use made of it, which the next one makes room of
 */
export function createLoading(state, host, readAgain, keepAnswer) {
  const estimate = createEstimate();
  /** @type {Set<string>} models whose loading the reader stopped */
  const stopped = new Set();
  /** @type {Map<string, Promise<unknown>>} the last attempt to load each model; never rejects */
  const attempts = new Map();
  /** @type {Map<string, {loaded_bytes: number, total_bytes: number}>} what a start waits for: Python, the first model */
  const arriving = new Map();

  /** @param {string} name @param {Partial<import("./types.js").Model>} changes */
  function update(name, changes) {
    state.models.value = state.models.value.map((model) => (model.name === name ? { ...model, ...changes } : model));
  }

  async function listModels() {
    const known = new Map(state.models.value.map((model) => [model.name, model]));
    const infos = await host.models();
    state.models.value = infos.map((info) => {
      const { name, display_name, parameters, licence, source, bytes, is_loaded, backend, threads, compute } = info;
      const before = known.get(name);
      const model_state = is_loaded ? "ready" : before && before.state !== "ready" ? before.state : "absent";
      return {
        loaded_bytes: 0,
        total_bytes: bytes,
        seconds_left: null,
        problem: null,
        ...before,
        name,
        display_name,
        parameters,
        licence,
        source,
        bytes,
        state: model_state,
        compute: backend && threads && compute ? { ...compute, backend, threads } : null,
      };
    });
    const in_use = infos.find(({ name }) => name === state.model_name.value);
    if (in_use?.config) state.model_shape.value = in_use.config;
    state.end_tokens.value = in_use?.end_tokens ?? [];
    state.has_chat.value = in_use?.has_chat ?? false;
  }

  /** Wait for a first model, then read the text with it. */
  async function start() {
    // The names can be read before anything is loaded; if not, the start itself will say why.
    listModels().catch(() => undefined);
    const asked = placeOf(state);
    try {
      await host.ready();
      await listModels();
      const wanted = state.models.value.find(({ name }) => name === state.model_name.value);
      const first = wanted?.state === "ready" ? wanted : state.models.value.find((model) => model.state === "ready");
      state.model_name.value = first?.name ?? null;
      await listModels();
      state.boot.value = { kind: "ready" };
      await readAgain();
      if (wanted && wanted.name !== first?.name) await useWanted(wanted.name, asked);
    } catch (error) {
      state.boot.value = { kind: "failed", problem: toProblem(error) };
    }
  }

  /**
   * The model that the address names, opened at its place: the first one may not have so many blocks and heads.
   * @param {string} name @param {Place} asked
   */
  async function useWanted(name, asked) {
    const before = placeOf(state);
    await useModel(name);
    const now = placeOf(state);
    if (state.model_name.value !== name || now.layer !== before.layer || now.head !== before.head) return;
    state.layer.value = asked.layer;
    state.head.value = asked.head;
  }

  /** Load a model if need be and read the text with it; the one in use stays until then. @param {string} name */
  async function useModel(name) {
    stopped.delete(name);
    estimate.forget(name);
    const before = state.models.value.find((model) => model.name === name);
    if (before?.state !== "ready") update(name, { state: "loading", problem: null, seconds_left: null });
    // Resumed at once after a pause: let the stopped attempt come to its end first.
    const earlier = attempts.get(name);
    if (earlier) await earlier;
    if (stopped.has(name)) return;
    const use_count = host.useCount();
    const attempt = keepAnswer().then(() => {
      if (stopped.has(name)) throw { code: "cancelled", message: `Loading ${name} was stopped.` };
      return host.load(name);
    });
    attempts.set(
      name,
      attempt.then(
        () => attempts.delete(name),
        () => attempts.delete(name),
      ),
    );
    try {
      await attempt;
      state.model_name.value = name;
      update(name, { state: "ready" });
      await listModels();
      await readAgain();
    } catch (error) {
      const problem = toProblem(error);
      const was_stopped = stopped.has(name) || problem.code === "cancelled";
      if (!was_stopped) update(name, { state: "failed", problem, seconds_left: null });
      // The one before had made room and was started again: it knows nothing of the run on screen.
      if (host.useCount() !== use_count) await readAgain();
    }
  }

  return {
    start,
    useModel,
    listModels,

    /** Where a model shall be computed. @param {string} name @param {import("./types.js").BackendChoice} choice */
    chooseBackend: (name, choice) => host.chooseBackend(name, choice),

    /** Stop fetching for now; resuming starts from what has arrived. @param {string} name */
    async pauseModel(name) {
      stopped.add(name);
      update(name, { state: "paused", seconds_left: null });
      await host.cancel(name);
    },

    /** Give a model up. @param {string} name */
    async cancelModel(name) {
      stopped.add(name);
      update(name, { state: "absent", loaded_bytes: 0, seconds_left: null });
      await host.cancel(name);
    },

    /** After a failed start or a dead worker. The text in the box is kept. */
    async restart() {
      const { boot } = state;
      if (boot.value.kind === "failed" && boot.value.problem.code === "new_build") return location.reload();
      state.problem.value = null;
      arriving.clear();
      state.boot.value = { kind: "starting", loaded_bytes: 0, total_bytes: 0 };
      try {
        await host.restart();
      } catch (error) {
        state.boot.value = { kind: "failed", problem: toProblem(error) };
        return;
      }
      await start();
    },

    /** @param {Progress} progress */
    onProgress({ kind, name, loaded_bytes, total_bytes }) {
      if (state.boot.value.kind === "starting") {
        arriving.set(name ?? kind, { loaded_bytes, total_bytes });
        state.boot.value = { kind: "starting", ...sum(arriving.values()) };
      }
      if (kind === "model" && name && !stopped.has(name)) {
        const seconds_left = estimate.secondsLeft(name, loaded_bytes, total_bytes, performance.now());
        update(name, { loaded_bytes, total_bytes, seconds_left });
      }
    },
  };
}

/** @param {Iterable<{loaded_bytes: number, total_bytes: number}>} parts */
function sum(parts) {
  const whole = { loaded_bytes: 0, total_bytes: 0 };
  for (const { loaded_bytes, total_bytes } of parts) {
    whole.loaded_bytes += loaded_bytes;
    whole.total_bytes += total_bytes;
  }
  return whole;
}

/** @typedef {{layer: number, head: number}} Place */

/** Where the page is open. @param {import("./state.js").State} state @returns {Place} */
const placeOf = (state) => ({ layer: state.layer.peek(), head: state.head.peek() });
