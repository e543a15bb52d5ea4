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
  return failure(code, thrown instanceof Error ? thrown.message : String(thrown));
}

/** @param {unknown} thrown */
export function isAbort(thrown) {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}
