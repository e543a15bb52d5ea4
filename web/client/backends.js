/**
 * Moves a live model between processor and graphics card. A model always starts on the processor; the card is tried
 * afterwards in a worker of its own, takes over where that helps, and gives the text back when it is lost.
 */
import * as Comlink from "comlink";
import { failure } from "../workers/errors.js";
import { isWorthLooking, isWorthTrying, judge, takesOver } from "./backend_choice.js";

const TEXT = "Once upon a time there was a little girl who lived in a small house near the forest.";
const MOST_TOKENS = 24;
const N_DECODED = 6;

/**
 * @typedef {import("./backend_choice.js").Choice} Choice
 * @typedef {"wasm" | "webgpu"} Backend
 * @typedef {object} LoadedModel
 * @property {string} name
 * @property {number} bytes
 * @property {any} manifest
 * @property {string} manifest_url
 * @property {import("./remote_worker.js").RemoteWorker} worker the one that computes it
 * @property {Promise<any>} ready
 * @property {any} info
 * @property {boolean} is_fetched
 * @property {boolean} is_started
 * @property {boolean} is_gone
 * @property {boolean} [is_leaving] on the way from the graphics card back to the processor
 * @property {import("./backend_choice.js").Card | null} [card] as far as it was looked for
 * @typedef {{worker: import("./remote_worker.js").RemoteWorker, port: MessagePort, used: {backend: Backend, threads: number}}} Started
 */

/**
 * @param {object} given
 * @param {(model: LoadedModel, backend: Backend, onLost: () => void) => Promise<Started>} given.startElsewhere the model in a new worker
 * @param {() => Promise<import("./remote_worker.js").RemoteWorker>} given.startPython
 * @param {() => Promise<void>} given.whenQuiet settles when nobody has asked anything for a while
 * @param {() => Promise<import("./backend_choice.js").Card | null>} given.findCard
 * @param {() => boolean} given.hasGraphics whether there may be one
 * @param {ReturnType<typeof import("./backend_choice.js").createMemory>} given.memory
 * @param {(model: LoadedModel, error: import("../workers/errors.js").Failure) => void} given.onDeath the model is nowhere any more
 * @param {() => void} given.onChange what `describe` says has changed
 */
export function createBackends({
  startElsewhere,
  startPython,
  whenQuiet,
  findCard,
  hasGraphics,
  memory,
  onDeath,
  onChange,
}) {
  /** @type {Promise<import("./backend_choice.js").Card | null> | null} */
  let finding = null;
  const card = () => (finding ??= findCard());
  /** The model that is being tried or moved, one at a time. @type {LoadedModel | null} */
  let busy = null;

  /** Try the card for a model that is live on the processor, if that promises anything. @param {LoadedModel} model */
  async function consider(model) {
    const { choice, trial } = memory.recall(model.name);
    if (busy || model.is_gone || model.info?.backend !== "wasm") return;
    if (!isWorthLooking({ choice, bytes: model.bytes, trial })) return;
    busy = model;
    onChange();
    try {
      model.card = await card();
      if (choice === "card" && !model.card) remember(model, "absent");
      if (isWorthTrying(choice, model.card)) {
        if (choice === "auto") await whenQuiet();
        if (!model.is_gone) await tryCard(model, choice);
      }
    } catch {
      if (!model.is_gone) remember(model, "failed");
    } finally {
      busy = null;
      onChange();
    }
    // The reader may have changed their mind meanwhile.
    if (memory.recall(model.name).choice !== choice) await apply(model);
  }

  /** @param {LoadedModel} model @param {import("./backend_choice.js").Verdict} verdict one without times */
  function remember(model, verdict) {
    memory.remember(model.name, { trial: { verdict, card_ms: null, processor_ms: null } });
  }

  /** @param {LoadedModel} model @param {Choice} choice */
  async function tryCard(model, choice) {
    let is_lost = false;
    const candidate = await startElsewhere(model, "webgpu", () => {
      is_lost = true;
      if (model.worker === candidate?.worker) void leaveCard(model);
    });
    try {
      const { token_ids } = await (await startPython()).call("call", "tokenize", { text: TEXT });
      const plan = {
        token_ids: [...token_ids].slice(0, MOST_TOKENS),
        n_decoded: Math.min(N_DECODED, token_ids.length - 1),
        tensor_names: (await model.worker.call("askedTensors")) ?? everyTensor(model.manifest),
      };
      const here = await model.worker.call("tryOut", plan, null);
      const there = await candidate.worker.call("tryOut", plan, here.parts);
      const measured = { card_ms: there.milliseconds, processor_ms: here.milliseconds };
      const verdict = judge({ is_same: there.is_same, ...measured });
      memory.remember(model.name, { trial: { verdict, ...measured } });
      if (takesOver(choice, verdict) && !is_lost && !model.is_gone) await move(model, candidate);
    } finally {
      if (model.worker !== candidate.worker)
        candidate.worker.end(failure("cancelled", "The graphics card is not used."));
    }
  }

  /** Python asks the new worker from here on; the old one's memory comes back. @param {LoadedModel} model @param {Started} started */
  async function move(model, { worker, port, used }) {
    const old = model.worker;
    model.worker = worker;
    model.info = { ...model.info, ...used };
    await (await startPython()).call("moveModel", model.name, Comlink.transfer(port, [port]));
    old.end(failure("cancelled", "The model is computed elsewhere."));
  }

  /** The card is lost, or not wanted any more: back to the processor, the text as it is. @param {LoadedModel} model */
  async function leaveCard(model, is_lost = true) {
    if (model.is_gone || model.is_leaving) return;
    model.is_leaving = true;
    if (is_lost) remember(model, "lost");
    try {
      const started = await startElsewhere(model, "wasm", () => {});
      if (model.is_gone) started.worker.end(failure("cancelled", "The model made room for another."));
      else await move(model, started);
    } catch (error) {
      onDeath(model, /** @type {import("../workers/errors.js").Failure} */ (error));
    } finally {
      model.is_leaving = false;
      onChange();
    }
  }

  /** Bring a model where the reader wants it. @param {LoadedModel} model */
  async function apply(model) {
    const { choice } = memory.recall(model.name);
    if (busy) return;
    if (choice === "processor" && model.info.backend === "webgpu") await leaveCard(model, false);
    else if (choice !== "processor") await consider(model);
  }

  return {
    consider,
    leaveCard,

    /** What the reader wants for a model; "auto" forgets what was found before. @param {LoadedModel} model @param {Choice} choice */
    async choose(model, choice) {
      memory.remember(model.name, choice === "auto" ? { choice, trial: null } : { choice });
      onChange();
      await apply(model);
    },

    /** For the models dialog. @param {LoadedModel} model */
    describe: (model) => {
      const { choice, trial } = memory.recall(model.name);
      const may_have_card = model.card === undefined ? hasGraphics() : model.card !== null;
      return { choice, trial, has_card: may_have_card || choice !== "auto", is_trying: busy === model };
    },
  };
}

/** Names of all that a model's run can answer, its cache excepted. @param {any} manifest */
function everyTensor(manifest) {
  return Object.keys(manifest.outputs).filter((name) => name !== "logits" && !name.startsWith("present_"));
}
