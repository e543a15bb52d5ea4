import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemory, isWorthLooking, judge, takesOver } from "../../web/client/backend_choice.js";
import { createBackends } from "../../web/client/backends.js";

const CARD = { is_software: false };
const LARGE = 100_000_000;

class FakeStorage {
  /** @type {Map<string, string>} */
  kept = new Map();
  getItem = (/** @type {string} */ key) => this.kept.get(key) ?? null;
  setItem = (/** @type {string} */ key, /** @type {string} */ value) => void this.kept.set(key, value);
}

/** A page with one live model and pretended workers. @param {Partial<{card: any, bytes: number, is_same: boolean, card_ms: number, start: () => void, storage: any}>} given */
function pretend({
  card = CARD,
  bytes = LARGE,
  is_same = true,
  card_ms = 10,
  start = () => {},
  storage = new FakeStorage(),
} = {}) {
  /** @type {any[]} */
  const workers = [];
  /** @type {string[]} */
  const moves = [];
  /** @type {any[]} */
  const deaths = [];
  /** @type {any[]} */
  const looks = [];
  /** @param {string} backend @param {() => void} [onLost] @returns {any} */
  const worker = (backend, onLost) => {
    const made = {
      backend,
      onLost,
      is_ended: false,
      end: () => {
        made.is_ended = true;
      },
      call: async (/** @type {string} */ method, /** @type {any} */ plan, /** @type {any} */ expected) => {
        if (method === "askedTensors") return ["value"];
        assert.equal(method, "tryOut");
        assert.deepEqual(plan, { token_ids: [1, 2, 3, 4, 5, 6, 7, 8], n_decoded: 6, tensor_names: ["value"] });
        return expected ? { is_same, milliseconds: card_ms } : { parts: [], milliseconds: 20 };
      },
    };
    workers.push(made);
    return made;
  };
  /** @type {any} */
  const model = {
    name: "large",
    bytes,
    manifest: { outputs: {} },
    worker: worker("wasm"),
    info: { backend: "wasm", threads: 2 },
    is_gone: false,
  };
  const python = {
    call: async (/** @type {string} */ method, /** @type {any} */ given) => {
      if (method === "call") return { token_ids: Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
      assert.equal(method, "moveModel");
      moves.push(given);
    },
  };
  const backends = createBackends({
    startElsewhere: async (_, backend, onLost) => {
      start();
      const made = worker(backend, onLost);
      return /** @type {any} */ ({ worker: made, port: new MessageChannel().port1, used: { backend, threads: 2 } });
    },
    startPython: async () => /** @type {any} */ (python),
    whenQuiet: async () => {},
    findCard: async () => {
      looks.push(card);
      return card;
    },
    hasGraphics: () => true,
    memory: createMemory(storage),
    onDeath: (_, error) => void deaths.push(error),
    onChange: () => {},
  });
  return { backends, model, workers, moves, deaths, looks, storage };
}

test("a card that is clearly quicker takes over, and the processor's memory comes back", async () => {
  const { backends, model, workers, moves } = pretend();
  await backends.consider(model);
  assert.equal(model.info.backend, "webgpu");
  assert.deepEqual(moves, ["large"]);
  assert.deepEqual(
    workers.map(({ is_ended }) => is_ended),
    [true, false],
  );
  assert.deepEqual(backends.describe(model).trial, { verdict: "quicker", card_ms: 10, processor_ms: 20 });
});

for (const [words, given, verdict] of /** @type {const} */ ([
  ["hardly quicker", { card_ms: 18 }, "slower"],
  ["of another opinion", { is_same: false, card_ms: 1 }, "different"],
])) {
  test(`a card that is ${words} is given up and not tried again`, async () => {
    const { backends, model, workers, moves, storage } = pretend(given);
    await backends.consider(model);
    assert.equal(model.info.backend, "wasm");
    assert.deepEqual(moves, []);
    assert.deepEqual(
      workers.map(({ is_ended }) => is_ended),
      [false, true],
    );
    assert.equal(backends.describe(model).trial?.verdict, verdict);
    const later = pretend({ storage });
    await later.backends.consider(later.model);
    assert.equal(later.workers.length, 1, "remembered");
    await later.backends.choose(later.model, "auto");
    assert.equal(later.model.info.backend, "webgpu", "asked for anew");
  });
}

test("a card that cannot run the model leaves all as it was", async () => {
  const { backends, model } = pretend({
    start: () => {
      throw new Error("no such kernel");
    },
  });
  await backends.consider(model);
  assert.equal(model.info.backend, "wasm");
  assert.equal(backends.describe(model).trial?.verdict, "failed");
});

for (const [words, given] of /** @type {const} */ ([
  ["a small model", { bytes: 18_000_000 }],
  ["a program that pretends to be a card", { card: { is_software: true } }],
  ["no card", { card: null }],
])) {
  test(`${words} is not tried`, async () => {
    const { backends, model, workers } = pretend(given);
    await backends.consider(model);
    assert.equal(workers.length, 1);
  });
}

test("nobody looks for a card that would not be used; who asks for one that is not there is told", async () => {
  const { backends, model, looks } = pretend({ bytes: 18_000_000, card: null });
  await backends.consider(model);
  assert.equal(looks.length, 0, "browsers warn where a page looks in vain");
  assert.equal(backends.describe(model).has_card, true, "there may be one");
  await backends.choose(model, "card");
  assert.equal(backends.describe(model).trial?.verdict, "absent");
  assert.equal(backends.describe(model).has_card, true, "the choice can be taken back");
  await backends.choose(model, "auto");
  assert.equal(backends.describe(model).has_card, false);
});

test("who asks for the card gets it, however slow, if it agrees", async () => {
  const { backends, model } = pretend({ bytes: 1, card: { is_software: true }, card_ms: 100 });
  await backends.choose(model, "card");
  assert.equal(model.info.backend, "webgpu");
  await backends.choose(model, "processor");
  assert.equal(model.info.backend, "wasm");
  const other = pretend({ is_same: false });
  await other.backends.choose(other.model, "card");
  assert.equal(other.model.info.backend, "wasm", "other numbers are never shown");
});

test("a lost card gives the model back to the processor, once", async () => {
  const { backends, model, workers, moves } = pretend();
  await backends.consider(model);
  const card = workers[1];
  card.onLost();
  card.onLost();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(model.info.backend, "wasm");
  assert.deepEqual(moves, ["large", "large"]);
  assert.deepEqual(
    workers.map(({ backend, is_ended }) => [backend, is_ended]),
    [
      ["wasm", true],
      ["webgpu", true],
      ["wasm", false],
    ],
  );
  assert.equal(backends.describe(model).trial?.verdict, "lost");
});

test("where the processor cannot take over either, the model is dead", async () => {
  let starts = 0;
  const { backends, model, workers, deaths } = pretend({
    start: () => {
      if (++starts > 1) throw { code: "network", message: "away", detail: null };
    },
  });
  await backends.consider(model);
  workers[1].onLost();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(
    deaths.map(({ code }) => code),
    ["network"],
  );
});

test("verdicts", () => {
  assert.equal(judge({ is_same: true, card_ms: 13.9, processor_ms: 20 }), "quicker");
  assert.equal(judge({ is_same: true, card_ms: 14.1, processor_ms: 20 }), "slower");
  assert.equal(judge({ is_same: false, card_ms: 1, processor_ms: 20 }), "different");
  assert.equal(takesOver("auto", "slower"), false);
  assert.equal(takesOver("card", "different"), false);
  assert.equal(isWorthLooking({ choice: "processor", bytes: LARGE, trial: null }), false);
});

test("a memory that is denied or damaged is begun anew", () => {
  const denied = /** @type {any} */ ({
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("denied");
    },
  });
  for (const storage of [denied, null, /** @type {any} */ ({ getItem: () => "{" })]) {
    const memory = createMemory(storage);
    assert.deepEqual(memory.recall("large"), { choice: "auto", trial: null });
    memory.remember("large", { choice: "processor" });
    assert.deepEqual(memory.recall("large"), { choice: "processor", trial: null });
  }
});
