/** Tokens as they read one after the other. @param {{label: string}[]} nodes */
export const wordsOfLine = (nodes) => readable(nodes.map(({ label }) => label).join(""));

/** Labels as running text. @param {string} labels */
export const readable = (labels) => labels.replaceAll("␣", " ").trim() || labels;
