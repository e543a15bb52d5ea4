/**
 * Fetches a model's files: in parallel, resumed after a break, verified by hash, cached.
 *
 * @typedef {{file: string, bytes: number, sha256: string}} FileEntry
 * @typedef {import("./browser_io.js").BrowserIo} BrowserIo
 */
import { failure } from "./errors.js";

const PARALLEL = 4;
// How long to wait after each failed try; with progress in between, the count begins anew.
const PAUSES_MS = [300, 1000, 3000, 8000, 15000, 30000];
const CORRUPT_TRIES = 3;

/**
 * Fetch files into places given for them, a few at a time.
 * @param {{entry: FileEntry, target: Uint8Array}[]} files each target is as long as its file
 * @param {string} base_url folder of the files
 * @param {BrowserIo} world
 * @param {{onProgress: (loaded_bytes: number, total_bytes: number) => void, onNotice: (code: string) => void,
 *   signal: AbortSignal}} options
 */
export async function fetchFiles(files, base_url, world, { onProgress, onNotice, signal }) {
  // Without it there is less room, nothing worse.
  await forgetOld(files, base_url, world).catch(() => {});
  const total_bytes = files.reduce((sum, { entry }) => sum + entry.bytes, 0);
  const loaded = new Map(files.map(({ entry }) => [entry.file, 0]));
  const waiting = [...files];
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { entry, target } = next;
      await fetchFile(entry, target, base_url, world, {
        signal: either,
        onNotice,
        onBytes: (bytes) => {
          loaded.set(entry.file, bytes);
          onProgress(
            [...loaded.values()].reduce((sum, part) => sum + part, 0),
            total_bytes,
          );
        },
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, work));
  } catch (error) {
    failed.abort();
    throw error;
  }
}

/**
 * Keep files for later, one after another, without holding more than one of them.
 * @param {FileEntry[]} entries all files of a model @param {string} base_url folder of the files
 * @param {BrowserIo} world @param {() => void} onProgress called after each
 */
export async function keepFiles(entries, base_url, world, onProgress) {
  await forgetOld(
    entries.map((entry) => ({ entry })),
    base_url,
    world,
  ).catch(() => {});
  const { signal } = new AbortController();
  for (const entry of entries) {
    let is_kept = true;
    const onNotice = () => {
      is_kept = false;
    };
    await fetchFile(entry, new Uint8Array(entry.bytes), base_url, world, { signal, onNotice, onBytes() {} });
    if (!is_kept) throw failure("storage_full", "The browser has no room left.");
    onProgress();
  }
}

/**
 * Drop kept files of the same folder that this version of the model no longer has.
 * @param {{entry: FileEntry}[]} files @param {string} base_url @param {BrowserIo} world
 */
async function forgetOld(files, base_url, world) {
  const folder = new URL(".", base_url).href;
  const current = new Set(files.map(({ entry }) => new URL(entry.file, base_url).href));
  for (const request of (await world.cache?.keys()) ?? []) {
    if (request.url.startsWith(folder) && !current.has(request.url)) await world.cache?.delete(request);
  }
}

/**
 * @param {FileEntry} entry @param {Uint8Array} target @param {string} base_url @param {BrowserIo} world
 * @param {{signal: AbortSignal, onBytes: (bytes: number) => void, onNotice: (code: string) => void}} options
 */
async function fetchFile(entry, target, base_url, world, { signal, onBytes, onNotice }) {
  const url = new URL(entry.file, base_url).href;
  const cached = await world.cache?.match(url).catch(() => undefined);
  if (cached && (await isWhole(cached, entry, target, world))) {
    onBytes(entry.bytes);
    return;
  }
  for (let corrupt = 0; ; ) {
    await download(url, target, world, signal, onBytes, corrupt > 0);
    if (await world.isGenuine(target, entry.sha256)) break;
    if (++corrupt === CORRUPT_TRIES) {
      throw failure("chunk_corrupt", `${entry.file} arrived damaged ${CORRUPT_TRIES} times.`, { file: entry.file });
    }
    onBytes(0);
  }
  await keep(url, target, world, onNotice);
}

/**
 * Fill `target` from the cache; whether it is what it should be.
 * @param {Response} cached @param {FileEntry} entry @param {Uint8Array} target @param {BrowserIo} world
 */
async function isWhole(cached, entry, target, world) {
  try {
    if ((await pour(cached, target, 0, () => {})) !== entry.bytes) return false;
  } catch {
    return false;
  }
  return world.isGenuine(target, entry.sha256);
}

/**
 * Write a body into `target` from `start` on, piece by piece: no second copy of it is ever whole.
 * @param {Response} response @param {Uint8Array} target @param {number} start @param {(end: number) => void} onEnd
 */
async function pour(response, target, start, onEnd) {
  if (!response.body) throw new Error("no body");
  const reader = response.body.getReader();
  let end = start;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return end;
    if (end + value.length > target.length) throw new RangeError("longer than announced");
    target.set(value, end);
    end += value.length;
    onEnd(end);
  }
}

/**
 * Fill `target` from a URL, going on where a broken transfer stopped.
 * @param {string} url @param {Uint8Array} target @param {BrowserIo} world @param {AbortSignal} signal
 * @param {(bytes: number) => void} onBytes @param {boolean} is_fresh past the browser's own cache
 */
async function download(url, target, world, signal, onBytes, is_fresh) {
  let received = 0;
  let tries = 0;
  // What the browser's own cache holds is asked once: it may be a Wi-Fi's sign-in page, kept for ever.
  let rounds = 0;
  for (;;) {
    const before = received;
    const watch = watchSilence(world.stall_ms);
    try {
      await receive(watch);
      if (received === target.length) return;
    } catch (error) {
      if (signal.aborted) throw failure("cancelled", "Stopped.");
      if (error && typeof error === "object" && "code" in error && error.code === "model_missing") throw error;
    } finally {
      watch.stop();
    }
    tries = received > before ? 0 : tries + 1;
    if (tries >= PAUSES_MS.length) {
      throw failure("network", `${url} cannot be fetched. Check the connection and try again.`, { url });
    }
    await world.wait(PAUSES_MS[tries], signal);
  }

  /** @param {ReturnType<typeof watchSilence>} watch */
  async function receive(watch) {
    /** @type {RequestInit} */
    const request = {
      signal: AbortSignal.any([signal, watch.signal]),
      cache: is_fresh || rounds++ > 0 ? "reload" : "default",
    };
    if (received > 0) request.headers = { Range: `bytes=${received}-` };
    const response = await world.fetch(url, request);
    if (response.status === 404) {
      throw failure("model_missing", `${url} does not exist. Build the site again.`, { reason: "file_missing", url });
    }
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    // A server that knows no ranges begins anew.
    if (response.status !== 206) received = 0;
    try {
      await pour(response, target, received, (end) => {
        received = end;
        watch.heard();
        onBytes(end);
      });
    } catch (error) {
      if (error instanceof RangeError) received = 0;
      throw error;
    }
  }
}

/**
 * Keep a file for the next visit. Without room for it the page still works.
 * @param {string} url @param {Uint8Array} bytes @param {BrowserIo} world @param {(code: string) => void} onNotice
 */
async function keep(url, bytes, world, onNotice) {
  try {
    await world.cache?.put(url, new Response(/** @type {BodyInit} */ (bytes)));
  } catch {
    onNotice("storage_full");
  }
}

/**
 * A piece of the joined chunks, from the cache or, without one, from the network.
 * @param {FileEntry[]} chunks @param {string} base_url @param {BrowserIo} world
 * @param {number} offset @param {number} size
 */
export async function readWeights(chunks, base_url, world, offset, size) {
  const result = new Uint8Array(size);
  let start = 0;
  for (const entry of chunks) {
    const from = Math.max(offset, start);
    const to = Math.min(offset + size, start + entry.bytes);
    if (from < to) {
      const url = new URL(entry.file, base_url).href;
      const piece = await readPiece(url, entry, world, from - start, to - start);
      result.set(new Uint8Array(await piece.arrayBuffer()), from - offset);
    }
    start += entry.bytes;
  }
  return result;
}

/**
 * A piece of one file. Over the network only the piece is asked for: without a cache the server may be a teacher's laptop.
 * @param {string} url @param {FileEntry} entry @param {BrowserIo} world @param {number} from @param {number} to
 */
async function readPiece(url, entry, world, from, to) {
  const kept = await world.cache?.match(url).catch(() => undefined);
  const headers = { Range: `bytes=${from}-${to - 1}` };
  const response = kept ?? (await world.fetch(url, { headers }).catch(() => Response.error()));
  const is_piece = response.status === 206;
  const body = response.ok ? await response.blob().catch(() => null) : null;
  // A Wi-Fi's sign-in page has another length.
  if (body?.size !== (is_piece ? to - from : entry.bytes))
    throw failure("network", `${url} cannot be read. Check the connection and try again.`, { url });
  return is_piece ? body : body.slice(from, to);
}

/** Ends a transfer that says nothing any more, as when a laptop changes its network. @param {number} milliseconds */
function watchSilence(milliseconds) {
  const silence = new AbortController();
  const start = (/** @type {number} */ limit) => setTimeout(() => silence.abort(), limit);
  // A crowded host takes longer to begin: to ask again would put the visitor at the end of its queue.
  let timer = start(2 * milliseconds);
  return {
    signal: silence.signal,
    heard() {
      clearTimeout(timer);
      timer = start(milliseconds);
    },
    stop: () => clearTimeout(timer),
  };
}
