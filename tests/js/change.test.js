import assert from "node:assert/strict";
import { test } from "node:test";
import { largestChanges, strongest } from "../../web/layout/changes.js";
import { fits, fromAsked, lastPlace, toAsked, withChange } from "../../web/state/change.js";
import { DEFAULT_SAMPLING } from "../../web/state/limits.js";
import { readShared, writeShared } from "../../web/state/url.js";

/** @typedef {import("../../web/state/change.js").Change} Change */

/** @type {Change[]} */
const EACH = [
  { kind: "cut", layer: 5, head: null, query: 13, key: 1, when: "before" },
  { kind: "cut", layer: 4, head: 2, query: 13, key: 0, when: "after" },
  { kind: "head", layer: 5, head: 2 },
  { kind: "mlp", layer: 5 },
  { kind: "row", layer: 2, position: 3, from_position: 4, text: "The capital of Italy is, & <b>#" },
];

/** @param {Change[]} changes */
const address = (changes) =>
  writeShared({
    text: "a",
    model: "starter",
    default_model: "starter",
    layer: 0,
    head: 0,
    default_place: { layer: 0, head: 0 },
    language: "en",
    panel: null,
    sampling: DEFAULT_SAMPLING,
    changes,
  });

test("an address brings every kind of change back", () => {
  assert.match(address(EACH), /change=a6\.all\.2\.14\.before_a5\.3\.1\.14\.after_h6\.3_m6_r3\.4\.5&other=The/);
  assert.deepEqual(readShared(address(EACH)).changes, EACH);
  assert.equal(address([]), "text=a");
});

test("nonsense in an address is left out", () => {
  for (const item of [
    "a6.all.14.2.before",
    "a0.all.1.2.before",
    "a6.all.1.2.during",
    "h6",
    "m",
    "r1.1.1",
    "<b>",
    "m99999",
  ])
    assert.equal(readShared(`change=${item}`).changes, undefined, item);
  assert.deepEqual(readShared("change=m2_x_m3").changes, [
    { kind: "mlp", layer: 1 },
    { kind: "mlp", layer: 2 },
  ]);
  assert.equal(readShared(`change=${Array(500).fill("m2").join("_")}`).changes?.length, 64);
});

test("Python is asked for what the list says, and a list comes of what Python was asked", () => {
  const asked = toAsked(EACH, new Map([["The capital of Italy is, & <b>#", 7]]));
  assert.deepEqual(asked.patches, [{ layer: 2, position: 3, run_id: 7, from_position: 4 }]);
  assert.deepEqual(asked.head_scale, [[5, 2, 0]]);
  const order = (/** @type {Change[]} */ list) => list.map((one) => JSON.stringify(Object.entries(one).sort())).sort();
  assert.deepEqual(order(fromAsked(asked, new Map([[7, "The capital of Italy is, & <b>#"]]))), order(EACH));
  assert.deepEqual(
    fromAsked({ head_scale: [[0, 0, 0.5]], patches: [{ layer: 0, position: 1, run_id: 9 }] }, new Map()),
    [],
  );
});

test("a place holds one change; a cut after the softmax takes the place of one before", () => {
  const [cut] = EACH;
  const after = /** @type {Change} */ ({ ...cut, when: "after" });
  assert.deepEqual(withChange([cut, EACH[3]], after), [EACH[3], after]);
  assert.deepEqual(withChange([EACH[3]], EACH[3]), [EACH[3]]);
});

test("changes stay with the tokens they were made for", () => {
  const token_ids = Array.from({ length: 14 }, (_, index) => index);
  const shape = { n_layer: 6, n_head: 8 };
  assert.equal(lastPlace(EACH), 13);
  assert.equal(fits(EACH, token_ids, { token_ids: [...token_ids, 99] }, shape), true);
  assert.equal(fits(EACH, token_ids, { token_ids: [77, ...token_ids.slice(1)] }, shape), false);
  assert.equal(fits(EACH, null, { token_ids: token_ids.slice(1) }, shape), false, "the text is too short");
  assert.equal(fits(EACH, null, { token_ids }, { n_layer: 5, n_head: 8 }), false, "no such block");
  assert.equal(fits([EACH[3]], [], { token_ids: [5] }, shape), true, "an MLP is of no token");
});

test("the largest changes come first, whichever way they go", () => {
  const before = { token_ids: [2, 0, 1, 3], own: [0.7, 0.2, 0.1, 0] };
  const after = { token_ids: [1, 0, 3, 2], own: [0.6, 0.25, 0.1, 0.05] };
  const found = largestChanges(before, after, 3);
  assert.deepEqual(
    found.map(({ token_id }) => token_id),
    [2, 1, 3],
  );
  assert.ok(Math.abs(found[0].before - 0.7) < 1e-6 && Math.abs(found[0].after - 0.05) < 1e-6);
  assert.equal(largestChanges(before, after, 10).length, 4);
});

test("the strongest place of a sweep is that of the largest change so far", () => {
  assert.equal(strongest([Number.NaN, Number.NaN], 0.5), null);
  assert.deepEqual(strongest([0.4, Number.NaN, 0.9, 0.45], 0.5), { index: 2, probability: 0.9 });
});
