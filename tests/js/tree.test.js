import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changed,
  childrenOf,
  compared,
  EMPTY_TREE,
  goneTo,
  grown,
  leavesOf,
  linesOf,
  MOST_NODES,
  pathTo,
  redoTarget,
  removed,
} from "../../web/state/tree.js";
import { readTree, writeTree } from "../../web/state/tree_text.js";

/** @typedef {import("../../web/state/tree.js").Tree} Tree */

/** @param {Tree} tree @param {number | null} parent @param {number[]} token_ids */
function with_tokens(tree, parent, token_ids) {
  let [grown_tree, at] = [tree, parent];
  for (const token_id of token_ids) {
    grown_tree = grown(grown_tree, at, { token_id, label: String(token_id), origin: "drawn", own: 0.5 });
    at = grown_tree.current;
  }
  return grown_tree;
}

/** @param {Tree} tree @param {number | null} id */
const ids = (tree, id) => pathTo(tree, id).map(({ token_id }) => token_id);

test("a token taken again is no new branch, another one is", () => {
  const first = with_tokens(EMPTY_TREE, null, [1, 2, 3]);
  const again = with_tokens(first, null, [1, 2]);
  assert.equal(again.nodes.size, 3);
  assert.deepEqual(ids(again, again.current), [1, 2]);
  const other = with_tokens(again, again.current, [9]);
  assert.deepEqual(
    leavesOf(other).map(({ id }) => ids(other, id)),
    [
      [1, 2, 3],
      [1, 2, 9],
    ],
  );
});

test("undo and redo go along the branch that was visited last", () => {
  const tree = with_tokens(with_tokens(EMPTY_TREE, null, [1, 2, 3]), 0, [7, 8]);
  let back = tree;
  for (let step = 0; step < 3; step++) back = goneTo(back, pathTo(back, back.current).at(-1)?.parent ?? null);
  assert.equal(back.current, null);
  assert.equal(redoTarget(EMPTY_TREE), null);
  for (let target = redoTarget(back); target !== null; target = redoTarget(back)) back = goneTo(back, target);
  assert.deepEqual(ids(back, back.current), [1, 7, 8]);
});

test("what is deleted takes what follows with it, and the reader goes up", () => {
  const tree = with_tokens(with_tokens(EMPTY_TREE, null, [1, 2, 3]), 0, [7, 8]);
  const gone = removed(tree, childrenOf(tree, 0)[1].id);
  assert.deepEqual(ids(gone, gone.current), [1]);
  assert.equal(gone.nodes.size, 3);
  assert.equal(removed(tree, 1).current, tree.current, "another branch is left alone");
});

test("lines end at forks, at names and where the reader stands", () => {
  const tree = with_tokens(with_tokens(EMPTY_TREE, null, [1, 2, 3, 4]), 1, [7, 8]);
  const lines = linesOf(changed(tree, 2, { name: "a name" }));
  assert.deepEqual(
    lines.map(({ nodes, depth }) => [depth, nodes.map(({ token_id }) => token_id)]),
    [
      [0, [1, 2]],
      [1, [3]],
      [1, [4]],
      [1, [7, 8]],
    ],
  );
});

test("two branches are compared from where they part", () => {
  const tree = with_tokens(with_tokens(EMPTY_TREE, null, [1, 2, 3, 4]), 1, [7]);
  const { n_shared, rows } = compared(tree, 3, tree.current);
  assert.equal(n_shared, 2);
  assert.deepEqual(
    rows.map(({ first, second }) => [first?.token_id, second?.token_id]),
    [
      [3, 7],
      [4, undefined],
    ],
  );
});

test("the tree is bounded, and the branch on screen stays", () => {
  let tree = EMPTY_TREE;
  for (let token_id = 0; token_id < MOST_NODES + 50; token_id++) {
    tree = grown(tree, null, { token_id, label: "", origin: "drawn", own: null });
  }
  assert.equal(tree.nodes.size, MOST_NODES);
  assert.deepEqual(ids(tree, tree.current), [MOST_NODES + 49]);
});

/** Like a number generator, but the same every time. @param {number} seed */
function numbers(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

test("any tree comes back from its text: tokens, branches, names, origins, the place", () => {
  for (let seed = 1; seed < 60; seed++) {
    const next = numbers(seed);
    let tree = EMPTY_TREE;
    for (let count = 0; count < 60; count++) {
      const nodes = [null, ...tree.nodes.keys()];
      const origin = /** @type {const} */ (["drawn", "chosen", "beam"])[next(3)];
      tree = grown(tree, nodes[next(nodes.length)], { token_id: next(50257), label: "", origin, own: null });
      if (next(9) === 0) tree = changed(tree, /** @type {number} */ (tree.current), { name: `né_~*"<b>${count}` });
    }
    tree = goneTo(tree, [null, ...tree.nodes.keys()][next(tree.nodes.size + 1)]);
    const back = readTree(writeTree(tree));
    /** @param {Tree} one */
    const all = (one) =>
      [...one.nodes.values()]
        .map(({ id, name, origin }) => `${ids(one, id)} ${name} ${origin} ${id === one.current}`)
        .sort();
    assert.deepEqual(all(back), all(tree), `seed ${seed}`);
  }
});

test("a broken text gives what of it makes sense", () => {
  for (const text of ["", "-", "zz-1", "-D1.!", "<script>", "-D1_5-2", "-Dzzzzzzzzzz"]) readTree(text);
  assert.deepEqual(ids(readTree("-D1.2*"), readTree("-D1.2*").current), [1, 2]);
  assert.equal(readTree("9-D1").nodes.size, 0);
});
