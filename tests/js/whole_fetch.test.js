import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { arrive, hadFailure, takeSite, whole } from "../../web/integrity/whole_fetch.js";

const BASE = "https://class.test/site/";
const world = /** @type {any} */ (globalThis);
/** @type {{url: string, integrity?: string, cache?: string}[]} */
let asked = [];
/** What the network does, request by request; then it answers. @type {("fail" | "answer")[]} */
let network = [];

beforeEach(() => {
  asked = [];
  network = [];
  world.fetch = async (/** @type {any} */ input, /** @type {any} */ init = {}) => {
    asked.push({ url: String(input.url ?? input), integrity: init.integrity, cache: init.cache });
    if (init.signal?.aborted) throw new DOMException("", "AbortError");
    if (network.shift() === "fail") throw new TypeError("Failed to fetch");
    return new Response("content");
  };
  const parts = { "views/later.jsx": ["assets/later.js", "assets/chunk.js"] };
  takeSite(
    { build: "b", sums: { "a.wasm": "AAA=", "assets/later.js": "BBB=", "assets/chunk.js": "CCC=" }, parts },
    BASE,
  );
  hadFailure();
});

test("a file of the site is asked for with its sum, others as they are", async () => {
  await fetch(`${BASE}a.wasm`);
  await fetch(new URL("unknown.bin", BASE), { cache: "no-cache" });
  await fetch("https://class.test/a.wasm");
  assert.deepEqual(
    asked.map(({ integrity }) => integrity),
    ["sha256-AAA=", undefined, undefined],
  );
  assert.equal(asked[1].cache, "no-cache");
});

test("what fails is asked for again past the browser's cache, then it is a failure", async () => {
  network = ["fail", "answer"];
  assert.equal(await (await fetch(`${BASE}a.wasm`)).text(), "content");
  assert.deepEqual(
    asked.map(({ cache }) => cache),
    [undefined, "reload"],
  );
  assert.equal(hadFailure(), false);
  network = ["fail", "fail", "fail"];
  await assert.rejects(fetch(`${BASE}a.wasm`), TypeError);
  assert.equal(hadFailure(), true);
  assert.equal(hadFailure(), false, "told once");
});

test("what was stopped is not asked for again", async () => {
  const stopped = AbortSignal.abort();
  await assert.rejects(fetch(`${BASE}a.wasm`, { signal: stopped }), { name: "AbortError" });
  assert.equal(asked.length, 1);
});

test("a part is imported only once all it needs is there", async () => {
  let is_imported = false;
  const load = async () => {
    is_imported = true;
    return "module";
  };
  network = ["fail", "fail", "fail", "fail", "fail", "fail"];
  await assert.rejects(whole("views/later.jsx", load), TypeError);
  assert.equal(is_imported, false);
  assert.equal(await whole("views/later.jsx", load), "module");
  await arrive("not/listed.js");
  assert.deepEqual([...new Set(asked.map(({ url }) => url))].sort(), [
    `${BASE}assets/chunk.js`,
    `${BASE}assets/later.js`,
  ]);
});
