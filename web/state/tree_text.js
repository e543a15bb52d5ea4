import { EMPTY_TREE, goneTo, grown, linesOf, MOST_NODES } from "./tree.js";

/**
 * A tree as text, for the address and for files: lines of token ids, each after the line and place it goes on from.
 * Only what cannot be computed again is written: which tokens, how they came, what they are called.
 *
 * A line is `<number of the line before it>-<ids>`, all in base 36, with a capital where the origin changes; `~` begins a
 * name, and `*` stands where the reader is. Lines are joined by `_`.
 */

/** @typedef {import("./tree.js").Tree} Tree */
/** @typedef {import("./types.js").Origin} Origin */

/** @type {Record<string, Origin>} */
const ORIGINS = { d: "drawn", c: "chosen", b: "beam" };
const LETTERS = Object.fromEntries(Object.entries(ORIGINS).map(([letter, origin]) => [origin, letter]));
// A name is for a reader's eye; nobody needs a longer one.
export const LONGEST_NAME = 60;
const HIGHEST_ID = 2 ** 24;

/** @param {Tree} tree @returns {string} "" for a tree without tokens */
export function writeTree(tree) {
  if (tree.nodes.size === 0) return "";
  const lines = linesOf(tree);
  /** @type {Map<number, string>} where a line's last node stands */
  const ends = new Map();
  const written = lines.map(({ nodes }, index) => {
    const last = nodes[nodes.length - 1];
    ends.set(last.id, index.toString(36));
    const parent = nodes[0].parent;
    let origin = "";
    const tokens = nodes.map((node) => {
      const letter = LETTERS[node.origin] ?? "d";
      const mark = letter === origin ? "" : letter.toUpperCase();
      origin = letter;
      return mark + node.token_id.toString(36);
    });
    const name = last.name === "" ? "" : `~${encoded(last.name)}`;
    const here = last.id === tree.current ? "*" : "";
    return `${parent === null ? "" : ends.get(parent)}-${tokens.join(".")}${name}${here}`;
  });
  return written.join("_");
}

/**
 * What `writeTree` wrote; nonsense is left out, and so is what would be too much. Labels are not known yet.
 * @param {string} text @returns {Tree}
 */
export function readTree(text) {
  let tree = EMPTY_TREE;
  /** @type {number | null} */
  let current = null;
  /** @type {(number | null)[]} */
  const ends = [];
  for (const line of text.split("_")) {
    const match = /^([0-9a-z]*)-([0-9a-zDCB.]+)(?:~([^*]*))?(\*?)$/.exec(line);
    const parent_line = match && match[1] !== "" ? Number.parseInt(match[1], 36) : null;
    if (!match || (parent_line !== null && ends[parent_line] === undefined)) {
      // Later lines count on its place.
      ends.push(ends.length > 0 ? ends[ends.length - 1] : null);
      continue;
    }
    let at = parent_line === null ? null : ends[parent_line];
    let origin = /** @type {Origin} */ ("drawn");
    for (const token of match[2].split(".")) {
      const letter = /^[DCB]/.exec(token)?.[0];
      if (letter) origin = ORIGINS[letter.toLowerCase()];
      const token_id = Number.parseInt(letter ? token.slice(1) : token, 36);
      if (!(token_id >= 0 && token_id < HIGHEST_ID) || tree.nodes.size >= MOST_NODES) break;
      tree = grown(tree, at, { token_id, label: "", origin, own: null });
      at = tree.current;
    }
    const name = decoded(match[3] ?? "");
    const node = at === null ? undefined : tree.nodes.get(at);
    if (name && node) tree = { ...tree, nodes: new Map(tree.nodes).set(node.id, { ...node, name }) };
    if (match[4]) current = at;
    ends.push(at);
  }
  return goneTo(tree, current);
}

/** Without the marks that have a meaning here. @param {string} name */
const encoded = (name) => encodeURIComponent(name).replace(/[_~*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);

/** @param {string} name */
function decoded(name) {
  try {
    return decodeURIComponent(name).slice(0, LONGEST_NAME);
  } catch {
    return "";
  }
}

/**
 * What waits until a text has been read: its tree, and the token that is looked at; null where nothing is said of either.
 * @param {{branch?: string, token?: number | null}} shared @param {string} text
 */
export const pendingOf = ({ branch, token }, text) =>
  branch || token != null ? { text, tree: readTree(branch ?? ""), token: token ?? null } : null;
