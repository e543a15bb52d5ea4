import assert from "node:assert/strict";
import { after, afterEach, beforeEach, test } from "node:test";
import { createClient } from "../../web/client/client.js";
import * as Comlink from "../../web/node_modules/comlink/dist/esm/comlink.js";

const world = /** @type {any} */ (globalThis);
const RealChannel = MessageChannel;
/** @type {MessagePort[]} */
const ports = [];
/** @type {FakeWorker[]} */
let started = [];
/** What the pretended workers do. @type {any} */
let script;

class FakeWorker extends EventTarget {
  is_ended = false;
  file = "";
  /** @type {MessagePort | null} */
  port = null;

  /** @param {URL} url @param {WorkerOptions} options */
  constructor(url, { type }) {
    super();
    // As a browser does, once it has read the options.
    if (!URL.canParse(String(url))) throw new SyntaxError("The address cannot be read.");
    assert.equal(type, "module");
    this.file = String(url).split("/").at(-1) ?? "";
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    Comlink.expose(this.file === "python.js" ? pythonWorker() : inferenceWorker(), /** @type {any} */ (port2));
    port1.addEventListener("message", (event) => {
      if (!this.is_ended) this.dispatchEvent(new MessageEvent("message", { data: event.data }));
    });
    port1.start();
    started.push(this);
  }

  /** @param {unknown} message @param {any} transfer */
  postMessage(message, transfer) {
    if (!this.is_ended) this.port?.postMessage(message, transfer);
  }

  terminate() {
    this.is_ended = true;
    this.port?.close();
  }
}

const never = () => new Promise(() => {});

function pythonWorker() {
  const models = new Set();
  return {
    boot: async () => script.boot(),
    addModel: async (/** @type {string} */ name) => {
      script.is_adding = true;
      await script.addModel?.();
      models.add(name);
    },
    endModel: async (/** @type {string} */ name, /** @type {unknown} */ reason) => void script.endModel(name, reason),
    call: async (/** @type {string} */ method, /** @type {any} */ params) => {
      script.calls.push([method, params.name ?? null]);
      if (method === "use_model" && !models.has(params.name)) throw { code: "no_model", message: "", detail: null };
      if (method === "remove_model") models.delete(params.name);
      return script.call(method, params);
    },
    ping: () => true,
  };
}

function inferenceWorker() {
  let name = "";
  return {
    fetchModel: async (/** @type {string} */ url) => {
      name = url.split("/").at(-2) ?? "";
      await script.fetchModel(name);
      return { manifest: { config: { n_layer: 1 }, end_tokens: [7] }, tokenizer_json: "{}" };
    },
    start: async () => {
      await script.start(name);
      return { backend: "wasm", threads: 1 };
    },
    connect: () => {},
    cancel: () => script.cancel?.(),
    ping: () => true,
  };
}

function makeClient() {
  return createClient({
    base_url: "https://site.example/glassbox/",
    workers: { python: "python.js", inference: "inference.js" },
    onProgress: () => {},
  });
}

/** @param {string} file */
const alive = (file) => started.filter((worker) => worker.file === file && !worker.is_ended);
/** @param {FakeWorker} worker */
const kill = (worker) => worker.dispatchEvent(Object.assign(new Event("error"), { message: "gone" }));

beforeEach(() => {
  started = [];
  script = {
    calls: [],
    boot: () => {},
    call: () => ({}),
    fetchModel: () => {},
    start: () => {},
    endModel: () => {},
  };
  world.document = { visibilityState: "visible" };
  world.Worker = FakeWorker;
  world.MessageChannel = class extends RealChannel {
    constructor() {
      super();
      ports.push(this.port1, this.port2);
    }
  };
  world.fetch = async () =>
    Response.json({
      default: "small",
      models: ["small", "large", "other"].map((name) => ({
        name,
        display_name: name,
        bytes: 1,
        manifest: `${name}/manifest.json`,
      })),
    });
});

/** @type {ReturnType<typeof makeClient>} */
let client;
afterEach(async () => {
  await client.restart();
});
after(() => {
  for (const port of ports) port.close();
});

test("ready starts Python and the default model; both workers are there once", async () => {
  client = makeClient();
  await Promise.all([client.ready(), client.ready()]);
  assert.equal(client.inUse(), "small");
  assert.equal(started.length, 2);
  assert.deepEqual(
    (await client.models()).map(({ name, is_loaded }) => [name, is_loaded]),
    [
      ["small", true],
      ["large", false],
      ["other", false],
    ],
  );
});

test("another model takes the place of the first, and whoever waits for the first hears so", async () => {
  client = makeClient();
  await client.ready();
  /** @type {any[]} */
  const ended = [];
  script.endModel = (/** @type {string} */ name, /** @type {any} */ reason) => ended.push([name, reason.code]);
  await client.load("large");
  assert.equal(client.inUse(), "large");
  assert.deepEqual(ended, [["small", "stale"]]);
  assert.equal(alive("inference.js").length, 1);
});

test("a model that cannot start gives its place back", async () => {
  client = makeClient();
  await client.ready();
  script.start = (/** @type {string} */ name) => {
    if (name === "large") throw { code: "out_of_memory", message: "", detail: null };
  };
  await assert.rejects(client.load("large"), { code: "out_of_memory" });
  assert.equal(client.inUse(), "small");
  assert.equal(alive("inference.js").length, 1);
});

test("a model that is being started can be stopped, and the one before answers again", async () => {
  client = makeClient();
  await client.ready();
  const used = client.useCount();
  script.start = (/** @type {string} */ name) => (name === "large" ? never() : null);
  const large = client.load("large");
  while (alive("inference.js").length < 1 || client.inUse() !== null)
    await new Promise((resolve) => setTimeout(resolve, 5));
  await client.cancel("large");
  await assert.rejects(large, { code: "cancelled" });
  assert.equal(client.inUse(), "small");
  assert.equal(alive("inference.js").length, 1);
  assert.ok(client.useCount() > used, "the runs of before are gone, and the client says so");
});

test("a model stopped while Python takes it in is not kept", async () => {
  client = makeClient();
  await client.ready();
  /** @type {() => void} */
  let take = () => {};
  script.is_adding = false;
  script.addModel = () =>
    new Promise((resolve) => {
      take = () => resolve(null);
    });
  const large = client.load("large");
  while (!script.is_adding) await new Promise((resolve) => setTimeout(resolve, 5));
  await client.cancel("large");
  script.addModel = null;
  take();
  await assert.rejects(large, { code: "cancelled" });
  assert.equal(client.inUse(), "small");
  assert.ok(
    script.calls.some((/** @type {string[]} */ [method, name]) => method === "remove_model" && name === "large"),
  );
});

test("the list of models is short; the manifest is asked for by name", async () => {
  client = makeClient();
  await client.ready();
  const [small] = await client.models();
  assert.deepEqual(small, {
    name: "small",
    display_name: "small",
    bytes: 1,
    is_loaded: true,
    config: { n_layer: 1 },
    end_tokens: [7],
    has_chat: false,
    backend: "wasm",
    threads: 1,
    compute: { choice: "auto", trial: null, has_card: false, is_trying: false },
  });
  world.fetch = async (/** @type {URL} */ url) => Response.json({ url: String(url) });
  assert.deepEqual(await client.manifest("small"), { url: "https://site.example/glassbox/models/small/manifest.json" });
  await assert.rejects(client.manifest("none"), { code: "model_missing" });
});

test("a model that arrives leaves another's download alone", async () => {
  client = makeClient();
  await client.ready();
  let arrive = () => {};
  script.fetchModel = (/** @type {string} */ name) =>
    name === "large"
      ? new Promise((resolve) => {
          arrive = () => resolve(null);
        })
      : null;
  const large = client.load("large");
  await client.load("other");
  assert.equal(client.inUse(), "other");
  arrive();
  await large;
  assert.equal(client.inUse(), "large");
});

test("an unknown model is named", async () => {
  client = makeClient();
  await assert.rejects(client.load("none"), { code: "model_missing", message: /none/ });
});

for (const file of ["python.js", "inference.js"]) {
  test(`when ${file} dies every call fails at once until the restart`, async () => {
    client = makeClient();
    await client.ready();
    script.call = never;
    const waiting = client.call("run", { text: "a" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    kill(alive(file)[0]);
    await assert.rejects(waiting, { code: "worker_died" });
    await assert.rejects(client.call("tokenize"), { code: "worker_died" });
    await assert.rejects(client.ready(), { code: "worker_died" });
    script.call = () => ({});
    await client.restart();
    await client.ready();
    assert.deepEqual(await client.call("tokenize"), {});
    assert.equal(alive("python.js").length + alive("inference.js").length, 2);
  });
}

test("a start that fails can be tried again", async () => {
  client = makeClient();
  script.boot = () => {
    throw { code: "network", message: "away", detail: null };
  };
  await assert.rejects(client.ready(), { code: "network" });
  script.boot = () => {};
  await client.restart();
  await client.ready();
});
