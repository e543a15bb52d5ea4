import { LISTED } from "./run_figures.js";

/**
 * Draws the token after next while the page still draws the next one. What is drawn depends on the run and the options
 * alone, so a token that is not wanted after all is lost and nothing else.
 * @param {import("../client/python_api.js").PythonApi} api
 */
export function createDrawAhead(api) {
  /** @typedef {Promise<import("../client/python_api.js").TokenReply>} Reply */
  const ask = (/** @type {number} */ run_id, /** @type {import("./types.js").Options} */ options) =>
    api.generate_token(run_id, options, LISTED);

  /** @type {{run_id: number, options: import("./types.js").Options, reply: Reply} | null} */
  let held = null;

  return {
    /** @param {number} run_id @param {import("./types.js").Options} options */
    start(run_id, options) {
      const reply = ask(run_id, options);
      // Whoever takes it gets the failure; where nobody does, it is no error.
      reply.catch(() => {});
      held = { run_id, options, reply };
    },

    /** The token after a run: the one that was drawn ahead, if these options drew it. @param {number} run_id @param {import("./types.js").Options} options @returns {Reply} */
    take(run_id, options) {
      const found = held;
      held = null;
      return found?.run_id === run_id && found.options === options ? found.reply : ask(run_id, options);
    },

    drop() {
      held = null;
    },
  };
}
