/**
 * Failures as they cross between workers and page: plain objects, since an Error loses its code on the way.
 *
 * @typedef {{code: string, message: string, detail?: unknown}} Failure
 */

/** @param {string} code @param {string} message @param {unknown} [detail] @returns {Failure} */
export function failure(code, message, detail = null) {
  return { code, message, detail };
}

/** Any thrown thing as a failure. @param {unknown} thrown @param {string} [code] for what has none @returns {Failure} */
export function toFailure(thrown, code = "internal") {
  if (thrown && typeof thrown === "object" && "code" in thrown && typeof thrown.code === "string") {
    const { code: own_code, message, detail } = /** @type {Failure} */ (thrown);
    return failure(own_code, message ?? "", detail ?? null);
  }
  if (isAbort(thrown)) return failure("cancelled", "Stopped.");
  return failure(code, messageOf(thrown));
}

/** Of a failure in Python what it ends with: the rest says where. @param {unknown} thrown */
function messageOf(thrown) {
  if (!(thrown instanceof Error)) return isErrno(thrown) ? `${thrown.name} ${thrown.errno}` : String(thrown);
  return thrown.message.startsWith("Traceback") ? (thrown.message.trim().split("\n").at(-1) ?? "") : thrown.message;
}

/**
 * What Python's files, which lie in memory, fail with.
 * @param {unknown} thrown @returns {thrown is {name: string, errno: number}}
 */
const isErrno = (thrown) => Boolean(thrown && typeof thrown === "object" && "errno" in thrown);

/** Whether the browser gave no more memory. @param {unknown} thrown */
export function isMemory(thrown) {
  const words = /out of memory|bad_alloc|allocat|memory access|MemoryError/i;
  return thrown instanceof RangeError || isErrno(thrown) || words.test(String(thrown));
}

/** @param {unknown} thrown */
export function isAbort(thrown) {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}
