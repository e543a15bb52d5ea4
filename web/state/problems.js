/**
 * Whatever was thrown, as a problem that can be shown: {code, message, detail}.
 * @param {unknown} error @returns {import("./types.js").Problem}
 */
export function toProblem(error) {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string") {
    const { code, message, detail } = /** @type {import("./types.js").Problem} */ (error);
    return { code, message, detail };
  }
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}
