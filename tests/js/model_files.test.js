import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { fetchFiles, readWeights } from "../../web/workers/model_files.js";

const BASE = "https://site.example/models/toy/";

/** @param {number} length @param {number} seed */
const content = (length, seed) => Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 7) % 251);
/** @param {Uint8Array} bytes */
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

/**
 * A world with files, a cache, and a script of what goes wrong.
 * @param {Record<string, Uint8Array>} served
 * @param {{on?: (name: string, attempt: number, range: number) => Response | Error | "cut" | "flip" | "silent" | null,
 *   cache?: "full" | null}} [options]
 */
function makeWorld(served, { on = () => null, cache } = {}) {
  /** @type {Map<string, Uint8Array>} */
  const stored = new Map();
  /** @type {{name: string, range: number, cache: RequestCache | undefined}[]} */
  const requests = [];
  /** @type {Map<string, number>} */
  const attempts = new Map();
  const waits = /** @type {number[]} */ ([]);
  const world = /** @type {import("../../web/workers/browser_io.js").BrowserIo} */ ({
    async fetch(url, init) {
      init?.signal?.throwIfAborted();
      const name = String(url).slice(BASE.length);
      const header = /** @type {Record<string, string> | undefined} */ (init?.headers)?.Range;
      const range = header ? Number(/bytes=(\d+)-/.exec(header)?.[1]) : 0;
      const attempt = (attempts.get(name) ?? 0) + 1;
      attempts.set(name, attempt);
      requests.push({ name, range, cache: init?.cache });
      const trouble = on(name, attempt, range);
      if (trouble instanceof Response) return trouble;
      if (trouble instanceof Error) throw trouble;
      const last = header && /-(\d+)$/.exec(header)?.[1];
      let body = served[name].slice(range, last ? Number(last) + 1 : undefined);
      if (trouble === "flip") body[0] ^= 1;
      if (trouble === "silent") {
        const stream = new ReadableStream({
          start(controller) {
            controller.enqueue(body.slice(0, 10));
            init?.signal?.addEventListener("abort", () => controller.error(init.signal?.reason));
          },
        });
        return new Response(stream, { status: range ? 206 : 200 });
      }
      if (trouble === "cut") {
        body = body.slice(0, Math.floor(body.length / 2));
        let is_sent = false;
        const stream = new ReadableStream({
          pull(controller) {
            if (is_sent) controller.error(new TypeError("connection lost"));
            else controller.enqueue(body);
            is_sent = true;
          },
        });
        return new Response(stream, { status: range ? 206 : 200 });
      }
      return new Response(body, { status: header ? 206 : 200 });
    },
    cache:
      cache === null
        ? null
        : /** @type {any} */ ({
            match: async (/** @type {string} */ url) => {
              const bytes = stored.get(url);
              return bytes && new Response(/** @type {BodyInit} */ (bytes));
            },
            put: async (/** @type {string} */ url, /** @type {Response} */ response) => {
              if (cache === "full") throw new DOMException("full", "QuotaExceededError");
              stored.set(url, new Uint8Array(await response.arrayBuffer()));
            },
            keys: async () => [...stored.keys()].map((url) => ({ url })),
            delete: async (/** @type {{url: string}} */ { url }) => stored.delete(url),
          }),
    isGenuine: async (bytes, sha256) => hash(bytes) === sha256,
    wait: async (milliseconds, signal) => {
      signal.throwIfAborted();
      waits.push(milliseconds);
    },
    stall_ms: 50,
  });
  return { world, requests, stored, waits };
}

/** @param {Record<string, Uint8Array>} served @param {Uint8Array} joined */
function entriesOf(served, joined) {
  let start = 0;
  return Object.entries(served).map(([file, bytes]) => {
    const target = joined.subarray(start, start + bytes.length);
    start += bytes.length;
    return { entry: { file, bytes: bytes.length, sha256: hash(bytes) }, target };
  });
}

/** @param {Record<string, Uint8Array>} served @param {ReturnType<typeof makeWorld>} made @param {AbortController} [stop] */
async function fetchAll(served, made, stop = new AbortController()) {
  const parts = Object.values(served);
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  const progress = /** @type {[number, number][]} */ ([]);
  const notices = /** @type {string[]} */ ([]);
  await fetchFiles(entriesOf(served, joined), BASE, made.world, {
    onProgress: (loaded, total) => progress.push([loaded, total]),
    onNotice: (code) => notices.push(code),
    signal: stop.signal,
  });
  return { joined, progress, notices };
}

const FILES = { "a.bin": content(1000, 1), "b.bin": content(1500, 2), "c.bin": content(700, 3) };
const WHOLE = Uint8Array.from(Object.values(FILES).flatMap((part) => [...part]));

test("files arrive joined, with progress in bytes, and are kept", async () => {
  const made = makeWorld(FILES);
  const { joined, progress } = await fetchAll(FILES, made);
  assert.deepEqual(joined, WHOLE);
  assert.deepEqual(progress.at(-1), [3200, 3200]);
  assert.equal(made.stored.size, 3);
});

test("a second visit fetches nothing", async () => {
  const made = makeWorld(FILES);
  await fetchAll(FILES, made);
  made.requests.length = 0;
  const { joined } = await fetchAll(FILES, made);
  assert.deepEqual(joined, WHOLE);
  assert.deepEqual(made.requests, []);
});

test("a chunk that fails three times and then works is no failure", async () => {
  const made = makeWorld(FILES, {
    on: (name, attempt) => (name === "b.bin" && attempt <= 3 ? new TypeError("down") : null),
  });
  const { joined } = await fetchAll(FILES, made);
  assert.deepEqual(joined, WHOLE);
  assert.equal(made.waits.length, 3);
  assert.ok(made.waits[0] < made.waits[1] && made.waits[1] < made.waits[2], "each wait is longer");
});

test("a broken transfer goes on where it stopped", async () => {
  const made = makeWorld(FILES, { on: (name, attempt) => (name === "b.bin" && attempt === 1 ? "cut" : null) });
  const { joined } = await fetchAll(FILES, made);
  assert.deepEqual(joined, WHOLE);
  assert.deepEqual(
    made.requests.filter(({ name }) => name === "b.bin").map(({ range }) => range),
    [0, 750],
  );
});

test("a transfer that falls silent is taken up again", async () => {
  const made = makeWorld(FILES, { on: (name, attempt) => (name === "b.bin" && attempt === 1 ? "silent" : null) });
  const { joined } = await fetchAll(FILES, made);
  assert.deepEqual(joined, WHOLE);
  assert.deepEqual(
    made.requests.filter(({ name }) => name === "b.bin").map(({ range }) => range),
    [0, 10],
  );
});

test("files of an earlier version of the model are dropped, those of other models are kept", async () => {
  const made = makeWorld(FILES);
  made.stored.set(`${BASE}old.bin`, content(5, 1));
  made.stored.set("https://site.example/models/toy-2/a.bin", content(5, 1));
  await fetchAll(FILES, made);
  assert.ok(!made.stored.has(`${BASE}old.bin`));
  assert.ok(made.stored.has("https://site.example/models/toy-2/a.bin"));
});

test("a server that knows no ranges begins anew", async () => {
  const made = makeWorld(FILES, {
    on: (name, attempt) => (name !== "b.bin" ? null : attempt === 1 ? "cut" : new Response(FILES["b.bin"].slice())),
  });
  const { joined } = await fetchAll(FILES, made);
  assert.deepEqual(joined, WHOLE);
});

test("a flipped byte is noticed and the chunk fetched past every cache", async () => {
  const made = makeWorld(FILES, { on: (name, attempt) => (name === "a.bin" && attempt === 1 ? "flip" : null) });
  const { joined } = await fetchAll(FILES, made);
  assert.deepEqual(joined, WHOLE);
  assert.deepEqual(
    made.requests.filter(({ name }) => name === "a.bin").map(({ cache }) => cache),
    ["default", "reload"],
  );
});

test("a chunk that is always damaged fails by name, and is not kept", async () => {
  const made = makeWorld(FILES, { on: (name) => (name === "a.bin" ? "flip" : null) });
  await assert.rejects(fetchAll(FILES, made), { code: "chunk_corrupt", detail: { file: "a.bin" } });
  assert.ok(!made.stored.has(`${BASE}a.bin`));
});

test("a damaged cache entry is fetched again", async () => {
  const made = makeWorld(FILES);
  await fetchAll(FILES, made);
  const kept = made.stored.get(`${BASE}c.bin`);
  assert.ok(kept);
  kept[3] ^= 1;
  const { joined } = await fetchAll(FILES, made);
  assert.deepEqual(joined, WHOLE);
});

test("a file that is not there fails at once", async () => {
  const made = makeWorld(FILES, { on: (name) => (name === "c.bin" ? new Response("", { status: 404 }) : null) });
  await assert.rejects(fetchAll(FILES, made), { code: "model_missing" });
  assert.equal(made.waits.length, 0);
});

test("a network that stays away fails in the end; what arrived is kept and resumed", async () => {
  let is_away = true;
  const made = makeWorld(FILES, { on: (name) => (is_away && name === "c.bin" ? new TypeError("down") : null) });
  await assert.rejects(fetchAll(FILES, made), { code: "network" });
  is_away = false;
  made.requests.length = 0;
  const { joined } = await fetchAll(FILES, made);
  assert.deepEqual(joined, WHOLE);
  assert.deepEqual(
    made.requests.map(({ name }) => name),
    ["c.bin"],
  );
});

test("a full store is a notice, not a failure", async () => {
  const { joined, notices } = await fetchAll(FILES, makeWorld(FILES, { cache: "full" }));
  assert.deepEqual(joined, WHOLE);
  assert.ok(notices.includes("storage_full"));
});

test("a browser without a cache works", async () => {
  const { joined } = await fetchAll(FILES, makeWorld(FILES, { cache: null }));
  assert.deepEqual(joined, WHOLE);
});

test("stopping rejects as cancelled", async () => {
  const stop = new AbortController();
  const made = makeWorld(FILES, {
    on: (name) => {
      if (name === "b.bin") stop.abort();
      return null;
    },
  });
  await assert.rejects(fetchAll(FILES, made, stop), { code: "cancelled" });
});

test("weights are read across chunk borders, with and without a cache", async () => {
  const chunks = entriesOf(FILES, new Uint8Array(3200)).map(({ entry }) => entry);
  for (const cache of [undefined, null]) {
    const made = makeWorld(FILES, { cache });
    if (cache !== null) await fetchAll(FILES, made);
    assert.deepEqual(await readWeights(chunks, BASE, made.world, 900, 1700), WHOLE.slice(900, 2600));
  }
});

test("weights are no page of a Wi-Fi's own, nor half of a piece", async () => {
  const chunks = entriesOf(FILES, new Uint8Array(3200)).map(({ entry }) => entry);
  for (const body of ["Sign in to the Wi-Fi", "1".repeat(99)]) {
    const made = makeWorld(FILES, {
      cache: null,
      on: () => new Response(body, { status: body.length === 99 ? 206 : 200 }),
    });
    await assert.rejects(readWeights(chunks, BASE, made.world, 0, 100), { code: "network" });
  }
});
