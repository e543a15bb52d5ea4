import assert from "node:assert/strict";
import { test } from "node:test";
import { riverData } from "../../web/layout/river/data.js";
import { riverFrame } from "../../web/layout/river/frame.js";
import { guessLabels } from "../../web/layout/river/guesses.js";
import { ledgerOf, partsOf } from "../../web/layout/river/ledger.js";
import { attentionMarks, landings, mlpMarks } from "../../web/layout/river/marks.js";
import { openBlockLayout, patternByRow } from "../../web/layout/river/open_block.js";
import { partOf } from "../../web/layout/river/parts.js";
import { bandPath } from "../../web/layout/river/ribbons.js";
import { byRow, riverRows, rowOf } from "../../web/layout/river/rows.js";
import { largestShares, ofAllHeads, ofAllSources, strongestPlace } from "../../web/layout/river/sources.js";
import { openWidthOf, riverSpans, spanOf } from "../../web/layout/river/spans.js";
import { storyOf } from "../../web/layout/river/story.js";
import { sentencePieces } from "../../web/layout/sentence.js";

const tensor = (/** @type {number[]} */ data, /** @type {number[]} */ shape) => ({
  data: Float32Array.from(data),
  shape,
  axes: [],
});

/** A river of 2 blocks, 2 heads and 3 sources whose parts add up as Python's do. */
function example() {
  const heads = [0.5, 0.25, 0.25, -0.5, 1, 0.5, 0, 3, 0, 0.5, 0.5, 1];
  const sums = [heads.slice(0, 6), heads.slice(6)].map((part) => part.reduce((sum, value) => sum + value, 0));
  const [stream, bias] = [
    [2, 4],
    [0.5, -1],
  ];
  const mid = sums.map((sum, layer) => sum + stream[layer] + bias[layer]);
  const pushes = {
    heads: tensor([0, 0.5, 0, 0, 0.25, 0, 0, 4, 0, 1, 0, -0.5], [2, 2, 3]),
    attention_bias: tensor([0.25, 0.25], [2]),
    mlp: tensor([1, -2], [2]),
    mlp_bias: tensor([0.5, 0], [2]),
    token: 1,
    position: 0.5,
    norm_bias: -0.25,
    total: 6.5,
  };
  return riverData(
    /** @type {any} */ ({
      position: 2,
      answer: 9,
      against: undefined,
      shares: {
        heads: tensor(heads, [2, 2, 3]),
        stream: tensor(stream, [2]),
        attention_bias: tensor(bias, [2]),
        mid_length: tensor(mid, [2]),
        mid: tensor([3, 6], [2]),
        mlp: tensor([1, -1], [2]),
        mlp_bias: tensor([0.25, 0.5], [2]),
        post_length: tensor([4.25, 5.5], [2]),
      },
      pushes,
    }),
    { token_ids: [5, 7, 9], probabilities: Float32Array.of(0.9, 0.1, 0.8) },
  );
}

const room = { top: 50, height: 400 };

test("the shares of a block add up to the whole stream", () => {
  const river = example();
  for (let layer = 0; layer < 2; layer++) {
    const read = ofAllHeads(river, layer, "share").reduce((sum, share) => sum + share, 0);
    assert.ok(Math.abs(read + river.stream_share[layer] + river.bias_share[layer] - 1) < 1e-6);
    const by_head = ofAllSources(river, layer, "share").reduce((sum, share) => sum + share, 0);
    assert.ok(Math.abs(by_head - read) < 1e-6);
  }
  assert.equal(river.rival, null);
});

test("the parts of the ledger add up to the lead, however many are named", () => {
  const river = example();
  const all = partsOf(river).reduce((sum, { push }) => sum + push, 0);
  assert.ok(Math.abs(all - river.lead) < 1e-6);
  for (const count of [0, 3, 100]) {
    const { parts, rest, n_rest } = ledgerOf(river, count);
    const total = parts.reduce((sum, { push }) => sum + push, 0) + rest;
    assert.ok(Math.abs(total - river.lead) < 1e-6);
    assert.equal(parts.length + n_rest, partsOf(river).length);
    for (let at = 1; at < parts.length; at++) assert.ok(Math.abs(parts[at].push) <= Math.abs(parts[at - 1].push));
  }
});

test("few tokens have a row each, many share bands; rows fill the room in order", () => {
  for (const n_tokens of [1, 2, 5, 24, 25, 300]) {
    const shares = Array.from({ length: n_tokens }, (_, token) => Number(token % 50 === 3 ? 0.3 : 0.001));
    const chosen = n_tokens - 1;
    const rows = riverRows({ n_tokens, chosen, shares, room });
    assert.equal(rows[0].first, 0);
    assert.equal(rows.at(-1)?.last, chosen);
    rows.forEach((row, index) => {
      if (index > 0) assert.equal(row.first, rows[index - 1].last + 1);
      assert.ok(row.thickness <= row.height);
    });
    const height = rows.reduce((sum, row) => sum + row.height, 0);
    assert.ok(Math.abs(height - room.height) < 1e-6);
    assert.equal(rows[rowOf(rows, chosen)].kind, "chosen");
    if (n_tokens <= 24) assert.equal(rows.length, n_tokens);
    else assert.ok(rows.length < 30);
    assert.ok(Math.abs(byRow(rows, shares).reduce((a, b) => a + b) - shares.reduce((a, b) => a + b)) < 1e-9);
  }
});

test("whatever is open, blocks and ends fill their room from left to right", () => {
  for (const [n_layer, opening] of /** @type {[number, Record<string, number>][]} */ ([
    [3, {}],
    [3, { "attention:1": 1 }],
    [3, { "mlp:1": 0.4 }],
    [3, { "attention:0": 0.3, "norm_2:1": 0.7 }],
    [3, { embedding: 0.5, "mlp:2": 0.5 }],
    [3, { unembedding: 1 }],
    [1, { "mlp:0": 0.5 }],
    [30, { "attention:29": 1, "mlp:29": 0.2 }],
  ])) {
    const { start, blocks, end } = riverSpans(opening, n_layer, { x: 100, width: 900 });
    const all = [start, ...blocks, end];
    assert.equal(blocks.length, n_layer);
    assert.ok(Math.abs(end.x + end.width - 1000) < 1e-6, JSON.stringify(opening));
    all.forEach(({ x, width }, place) => {
      assert.ok(width >= 0);
      if (place > 0) assert.ok(Math.abs(x - all[place - 1].x - all[place - 1].width) < 1e-6);
    });
  }
});

test("what is open takes the width that it is laid out for", () => {
  for (const n_layer of [1, 2, 12]) {
    for (const key of ["embedding", "unembedding", "attention:0", "mlp:0"]) {
      const part = partOf(key);
      const span = spanOf(riverSpans({ [key]: 1 }, n_layer, { x: 0, width: 900 }), part);
      assert.ok(Math.abs(span.width - openWidthOf(part, n_layer, 900)) < 1e-6, `${key} of ${n_layer}`);
      if (n_layer > 1) assert.ok(span.width <= 530);
    }
  }
});

test("what adds lies in the river as thick as it is, what takes away beside it", () => {
  const places = landings([0.25, -0.1, 0.5, 0.001], { y: 100, thickness: 40 });
  assert.deepEqual(
    places.map(({ index, thickness }) => [index, Math.round(thickness)]),
    [
      [0, 10],
      [1, 4],
      [2, 20],
    ],
  );
  assert.equal(places[0].top, 80);
  assert.equal(places[1].top + places[1].thickness, 80);
  assert.equal(places[2].top, 90);
  const more = landings([1.5], { y: 100, thickness: 40 });
  assert.equal(more[0].top + more[0].thickness, 120, "more than the river is thick stands out above");
});

test("ribbons are as thick as their shares, and strong where they speak for the answer", () => {
  const river = example();
  const rows = riverRows({ n_tokens: 3, chosen: 2, shares: largestShares(river), room });
  const spans = riverSpans({}, 2, { x: 100, width: 600 }).blocks;
  const marks = attentionMarks(river, rows, spans, 2, 4);
  for (const mark of marks) {
    assert.ok(Math.abs(mark.stain.height - Math.abs(mark.share) * rows[2].thickness) < 0.1);
    if (mark.width > 0) assert.equal(mark.width, mark.stain.height);
  }
  const strongest = marks.reduce((best, mark) => (mark.strength > best.strength ? mark : best));
  assert.deepEqual([strongest.layer, strongest.source], [1, 1]);
  assert.equal(
    attentionMarks(river, rows, spans, 2, 4, { skips_layer: 1 }).filter(({ layer }) => layer === 1).length,
    0,
  );
  const mlp = mlpMarks(river, rows, spans, 2, 4);
  assert.deepEqual(
    mlp.map(({ share }) => Math.sign(share)),
    [1, -1],
  );
  assert.equal(mlp[1].stain.y, Math.round((rows[2].y + rows[2].thickness / 2) * 10) / 10);
});

test("the place that adds most is another token's", () => {
  assert.deepEqual(
    (({ layer, source, head }) => [layer, source, head])(
      strongestPlace(example()) ?? { layer: -1, source: -1, head: -1 },
    ),
    [1, 1, 0],
  );
});

test("the story tells what the numbers carry", () => {
  const river = example();
  const story = storyOf(river);
  assert.deepEqual(story.reading && [story.reading.layer, story.reading.source], [1, 1]);
  assert.equal(story.settled, null);
  assert.equal(storyOf({ ...river, push: river.push.map(() => 0) }).reading, null);
  const late = {
    ...river,
    n_layer: 4,
    guess_ids: [5, 7, 8, 9, 9],
    guess_probabilities: Float32Array.of(1, 0.5, 0.3, 0.4, 0.8),
  };
  const told = storyOf({
    ...late,
    push: new Float32Array(24),
    share: new Float32Array(24),
    mlp_push: new Float32Array(4),
  });
  assert.deepEqual(told.turns, [{ layer: 2, token_id: 8 }]);
  assert.equal(told.settled, 3);
});

test("guesses that have no room are left out, the answer never", () => {
  const river = {
    ...example(),
    n_layer: 3,
    guess_ids: [5, 7, 9, 9],
    guess_probabilities: Float32Array.of(1, 0.5, 0.3, 0.4),
  };
  const wide = guessLabels(river, [0, 100, 200, 300], () => 50);
  assert.deepEqual(
    wide.map(({ layer, is_new, is_last }) => [layer, is_new, is_last]),
    [
      [0, true, false],
      [1, true, false],
      [2, true, false],
      [3, false, true],
    ],
  );
  const narrow = guessLabels(river, [0, 20, 40, 60], () => 50);
  assert.equal(narrow.at(-1)?.layer, 3);
  assert.ok(narrow.length < 4);
});

test("a pattern by rows keeps its sums", () => {
  const n_tokens = 30;
  const pattern = new Float32Array(n_tokens * n_tokens);
  for (let query = 0; query < n_tokens; query++) {
    for (let key = 0; key <= query; key++) pattern[query * n_tokens + key] = 1 / (query + 1);
  }
  const shares = Array.from({ length: n_tokens }, (_, token) => (token === 4 ? 0.5 : 0));
  const rows = riverRows({ n_tokens, chosen: n_tokens - 1, shares, room });
  assert.ok(rows.length < n_tokens);
  const by_row = patternByRow(pattern, n_tokens, rows);
  rows.forEach((_, row) => {
    const sum = by_row.subarray(row * rows.length, (row + 1) * rows.length).reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - 1) < 1e-5);
  });
});

test("an open block's parts lie inside it, every head has its place", () => {
  for (const n_head of [1, 8, 9, 12, 25]) {
    const rows = riverRows({ n_tokens: 14, chosen: 13, shares: new Array(14).fill(0.1), room });
    const span = { x: 200, width: 530, openness: 1, by_part: { attention: 1 } };
    const layout = openBlockLayout(span, rows, 13, n_head, 0, room);
    assert.equal(layout.thumbnails.size, n_head - 1);
    assert.ok(layout.pattern_x >= span.x && layout.landing <= span.x + span.width);
    assert.ok(layout.values.x + layout.values.width < layout.output.x);
  }
});

test("a band keeps its thickness at both ends", () => {
  const path = bandPath({ x: 0, y: 10, thickness: 6 }, { x: 100, y: 60, thickness: 6 });
  assert.ok(path.startsWith("M0,7L"));
  assert.ok(path.endsWith("L0,13Z"));
});

test("the figure's frame leaves room for the list where there is any", () => {
  const wide = riverFrame(1360, 560);
  assert.ok(wide.list && wide.river.x + wide.river.width < wide.list.x);
  assert.equal(riverFrame(360, 430).list, null);
});

test("the pieces of a sentence are the sentence, with or without known tokens", () => {
  const token = (/** @type {number} */ start, /** @type {number} */ end) => ({
    id: 0,
    label: "",
    start,
    end,
    is_fragment: false,
  });
  const known = { text: "The cat sat", tokens: [token(0, 3), token(3, 7), token(7, 11)] };
  for (const text of ["The cat sat", "The cat sat on", "The dog", "", "北京 The"]) {
    for (const tokens of [known, null]) {
      const pieces = sentencePieces(text, tokens);
      assert.equal(pieces.map(({ space, word }) => space + word).join(""), text);
    }
  }
  assert.deepEqual(sentencePieces("The cat sat", known)[1], { space: " ", word: "cat", token: 1 });
  assert.equal(sentencePieces("The dog", known)[1].token, null);
});
