/** What `make bench` calls on a bare page of its own: the runtimes alone, without the page around them. */
import * as Comlink from "comlink";

/** @type {any} a model's runner behind its port */
let model = null;
/** @type {any} */
let manifest = null;

const runtime_url = new URL("runtime/", document.baseURI).href;
const startWorker = (/** @type {string} */ file) => new Worker(new URL(file, document.baseURI), { type: "module" });

/** Milliseconds since the page was asked for until Pyodide, as it is distributed, has imported numpy and regex. @param {string} file */
async function boot(file) {
  const worker = startWorker(file);
  worker.postMessage(new URL("stock/", document.baseURI).href);
  await new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = reject;
  });
  return performance.now();
}

/** Fetch and start a model on the processor. @param {string} file @param {string} name @param {number} threads */
async function load(file, name, threads) {
  const began = performance.now();
  const worker = /** @type {any} */ (Comlink.wrap(startWorker(file)));
  const nothing = Comlink.proxy(() => {});
  const manifest_url = new URL(`models/${name}/manifest.json`, document.baseURI).href;
  ({ manifest } = await worker.fetchModel(manifest_url, nothing, nothing));
  const fetched = performance.now();
  await worker.start({ runtime_url, backend: "wasm", threads });
  const { port1, port2 } = new MessageChannel();
  await worker.connect(Comlink.transfer(port1, [port1]));
  model = Comlink.wrap(port2);
  return { fetch: fetched - began, start: performance.now() - fetched };
}

/** Milliseconds of one run: `n` new tokens after `past` known ones. @param {number} n @param {number} past @param {string[]} tensor_names */
async function run(n, past, tensor_names) {
  const { n_layer, n_head, vocab_size } = manifest.config;
  const request = {
    token_ids: BigInt64Array.from({ length: n }, (_, i) => BigInt(((past + i) * 7919) % vocab_size)),
    past_length: past,
    unembed_rows: BigInt64Array.of(BigInt((n_layer + 1) * n - 1)),
    head_scale: new Float32Array(n_layer * n_head).fill(1),
    tensor_names,
  };
  const began = performance.now();
  await model.run(request);
  return performance.now() - began;
}

/** Prefill the same tokens several times. @param {number} n @param {string[]} tensor_names @param {number} times */
async function prefill(n, tensor_names, times) {
  const took = [];
  for (let i = 0; i < times; i++) took.push(await run(n, 0, tensor_names));
  return took;
}

/** One token after another, after `past` known ones. @param {number} past @param {string[]} tensor_names @param {number} times */
async function decode(past, tensor_names, times) {
  await run(past, 0, []);
  const took = [];
  for (let i = 0; i < times; i++) took.push(await run(1, past + i, tensor_names));
  return took;
}

Object.assign(globalThis, { bench: { boot, load, prefill, decode } });
