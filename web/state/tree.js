/**
 * The past of a text: a tree of the tokens that were added to a prompt, of which one line is on screen. Values: every
 * change makes a new tree.
 *
 * @typedef {import("./types.js").Origin} Origin
 * @typedef {{id: number, parent: number | null, token_id: number, label: string, origin: Origin, own: number | null,
 *   name: string, last_child: number | null, beam: {surprise: number, step: number, is_kept: boolean} | null}} Node
 *   `parent` null: right after the prompt. `own`: the model's own probability, null while it is not known. `last_child`:
 *   where "redo" leads. `beam`: where a search has been, in bits since its beginning
 * @typedef {{nodes: ReadonlyMap<number, Node>, current: number | null, last_child: number | null, next_id: number}} Tree
 *   `current` null: the prompt alone
 */

// Beyond so many, what was left longest ago goes; a node is a few dozen bytes, in the address some letters.
export const MOST_NODES = 3000;

/** @type {Tree} */
export const EMPTY_TREE = { nodes: new Map(), current: null, last_child: null, next_id: 0 };

/** From the first token after the prompt to a node; [] for the prompt. @param {Tree} tree @param {number | null} id @returns {Node[]} */
export function pathTo(tree, id) {
  const path = [];
  for (let at = id; at !== null; ) {
    const node = tree.nodes.get(at);
    if (!node) break;
    path.push(node);
    at = node.parent;
  }
  return path.reverse();
}

/** The children of a node, in the order in which they came. @param {Tree} tree @param {number | null} id */
export const childrenOf = (tree, id) => [...tree.nodes.values()].filter(({ parent }) => parent === id);

/**
 * One more token after a node, which becomes the current one; a token that is there already is gone to.
 * @param {Tree} tree @param {number | null} parent
 * @param {Pick<Node, "token_id" | "label" | "origin" | "own"> & Partial<Pick<Node, "beam" | "name">>} added @returns {Tree}
 */
export function grown(tree, parent, added) {
  if (parent !== null && !tree.nodes.has(parent)) return tree;
  const known = childrenOf(tree, parent).find(({ token_id }) => token_id === added.token_id);
  if (known)
    return goneTo(changed(tree, known.id, { own: known.own ?? added.own, beam: added.beam ?? known.beam }), known.id);
  const id = tree.next_id;
  const node = { name: "", beam: null, ...added, id, parent, last_child: null };
  const made = { ...tree, nodes: new Map(tree.nodes).set(id, node), next_id: id + 1 };
  return trimmed(goneTo(made, id));
}

/** Another node is the current one; on the way to it "redo" leads there again. @param {Tree} tree @param {number | null} id @returns {Tree} */
export function goneTo(tree, id) {
  const nodes = new Map(tree.nodes);
  let last_child = tree.last_child;
  for (let at = id; at !== null; ) {
    const node = nodes.get(at);
    if (!node) return tree;
    if (node.parent === null) last_child = at;
    else nodes.set(node.parent, { .../** @type {Node} */ (nodes.get(node.parent)), last_child: at });
    at = node.parent;
  }
  return { ...tree, nodes, last_child, current: id };
}

/** Where "redo" leads; null where there is nothing to redo. @param {Tree} tree */
export function redoTarget(tree) {
  const next = tree.current === null ? tree.last_child : (tree.nodes.get(tree.current)?.last_child ?? null);
  return next !== null && tree.nodes.has(next) ? next : (childrenOf(tree, tree.current)[0]?.id ?? null);
}

/** @param {Tree} tree @param {number} id @param {Partial<Node>} changes @returns {Tree} */
export function changed(tree, id, changes) {
  const node = tree.nodes.get(id);
  return node ? { ...tree, nodes: new Map(tree.nodes).set(id, { ...node, ...changes }) } : tree;
}

/** Without a node and what follows it; the current one moves up where it was among them. @param {Tree} tree @param {number} id @returns {Tree} */
export function removed(tree, id) {
  const node = tree.nodes.get(id);
  if (!node) return tree;
  const gone = new Set([id]);
  // A child comes after its parent.
  for (const one of tree.nodes.values()) if (one.parent !== null && gone.has(one.parent)) gone.add(one.id);
  const nodes = new Map([...tree.nodes].filter(([one]) => !gone.has(one)));
  const current = tree.current !== null && gone.has(tree.current) ? node.parent : tree.current;
  return { ...tree, nodes, current };
}

/** The ends of all branches, in the order in which they began. @param {Tree} tree */
export function leavesOf(tree) {
  const parents = new Set([...tree.nodes.values()].map(({ parent }) => parent));
  return [...tree.nodes.values()].filter(({ id }) => !parents.has(id));
}

/**
 * A tree from outside as far as the model can go along with it, with its labels.
 * @param {Tree} tree @param {string[]} labels of the vocabulary @param {number} most_depth tokens after the prompt @returns {Tree}
 */
export function fitted(tree, labels, most_depth) {
  /** @type {Map<number, number>} */
  const depths = new Map();
  let left = tree;
  for (const { id, parent, token_id } of tree.nodes.values()) {
    if (!left.nodes.has(id)) continue;
    const depth = parent === null ? 1 : (depths.get(parent) ?? 0) + 1;
    depths.set(id, depth);
    const label = labels[token_id];
    left = label === undefined || depth > most_depth ? removed(left, id) : changed(left, id, { label });
  }
  return left;
}

/** @param {Tree} tree @returns {Tree} */
function trimmed(tree) {
  let left = tree;
  while (left.nodes.size > MOST_NODES) {
    const kept = new Set(pathTo(left, left.current).map(({ id }) => id));
    const oldest = leavesOf(left).find(({ id }) => !kept.has(id));
    if (!oldest) break;
    left = removed(left, oldest.id);
  }
  return left;
}

/**
 * The tree in lines of tokens without a fork, for drawing: depth first, each line's first branch right below it.
 * @typedef {{nodes: Node[], depth: number, is_leaf: boolean}} Line
 * @param {Tree} tree @returns {Line[]}
 */
export function linesOf(tree) {
  /** @type {Map<number | null, Node[]>} */
  const children = new Map();
  for (const node of tree.nodes.values()) children.set(node.parent, [...(children.get(node.parent) ?? []), node]);
  /** @type {Line[]} */
  const lines = [];
  /** @type {{node: Node, depth: number}[]} */
  const left = (children.get(null) ?? []).map((node) => ({ node, depth: 0 })).reverse();
  while (left.length > 0) {
    const { node, depth } = /** @type {{node: Node, depth: number}} */ (left.pop());
    const nodes = [node];
    let after = children.get(node.id) ?? [];
    // Where the reader stands a line ends too, and so it does where something has a name.
    while (after.length === 1 && !isMarked(tree, nodes[nodes.length - 1])) {
      nodes.push(after[0]);
      after = children.get(after[0].id) ?? [];
    }
    lines.push({ nodes, depth, is_leaf: after.length === 0 });
    for (const child of [...after].reverse()) left.push({ node: child, depth: depth + (after.length > 1 ? 1 : 0) });
  }
  return lines;
}

/** @param {Tree} tree @param {Node} node */
const isMarked = (tree, node) => node.name !== "" || node.id === tree.current;

/** How surprising a token is, in bits. @param {number} probability */
export const surpriseBits = (probability) => -Math.log2(probability);

/**
 * Two lines token by token: what they share, then each by itself.
 * @param {Tree} tree @param {number | null} first @param {number | null} second
 */
export function compared(tree, first, second) {
  const [a, b] = [pathTo(tree, first), pathTo(tree, second)];
  let n_shared = 0;
  while (n_shared < Math.min(a.length, b.length) && a[n_shared].id === b[n_shared].id) n_shared++;
  const rows = Array.from({ length: Math.max(a.length, b.length) - n_shared }, (_, at) => ({
    first: a[n_shared + at] ?? null,
    second: b[n_shared + at] ?? null,
  }));
  return { n_shared, rows };
}
