/** The text that was given, without what was added. @param {import("./types.js").Run | null} run */
export function promptOf(run) {
  if (!run) return "";
  return run.n_prompt < run.tokens.length ? run.text.slice(0, run.tokens[run.n_prompt - 1].end) : run.text;
}
