import assert from "node:assert/strict";
import { test } from "node:test";
import { startTranslation, t } from "../../web/i18n/translate.js";
import { dialLayout } from "../../web/layout/dials.js";
import { kindOf, servedHeads, servingHead, stagesOf } from "../../web/state/kinds.js";

const GPT2 = {
  ...{ n_layer: 12, n_head: 12, n_kv_head: 12, n_embd: 768, d_head: 64, d_mlp: 3072, is_tied: true },
  ...{ norm: "layer_norm", position: "learned", activation: "gelu_tanh" },
};
const SMOLLM2 = {
  ...{ n_layer: 30, n_head: 9, n_kv_head: 3, n_embd: 576, d_head: 64, d_mlp: 1536, is_tied: true },
  ...{ norm: "rms_norm", position: "rotary", activation: "silu" },
};

test("a stage that a model has not is not among its stages", () => {
  assert.ok(!stagesOf(GPT2).includes("rotation"));
  assert.ok(!stagesOf(null).includes("rotation"));
  assert.deepEqual(
    stagesOf(SMOLLM2).filter((name) => name !== "rotation"),
    stagesOf(GPT2),
  );
});

test("heads share keys and values in groups, one after the other", () => {
  assert.deepEqual(
    Array.from({ length: 9 }, (_, head) => servingHead(SMOLLM2, head)),
    [0, 0, 0, 1, 1, 1, 2, 2, 2],
  );
  assert.deepEqual(servedHeads(SMOLLM2, 1), [3, 5]);
  assert.deepEqual(
    Array.from({ length: 12 }, (_, head) => servingHead(GPT2, head)),
    Array.from({ length: 12 }, (_, head) => head),
  );
  assert.equal(servingHead(null, 4), 4);
});

test("words differ for a kind where there are others for it, and are GPT-2's elsewhere", () => {
  startTranslation("en");
  assert.equal(t("section_title.layer_norm", kindOf(SMOLLM2, "layer_norm")), "RMS norm");
  assert.equal(t("section_title.layer_norm", kindOf(GPT2, "layer_norm")), "Layer norm");
  assert.equal(t("section_title.qkv", kindOf(SMOLLM2, "qkv")), "Query, key, value");
  assert.equal(t("section_title.tokens", kindOf(null, "tokens")), "Tokens");
});

test("arrows turn against the clock, and each reaches the rim", () => {
  // Pair 0 is (3, 4), turned by a quarter; pair 1 is (1, 0), not turned.
  const { dials, radius, height } = dialLayout([3, 1, 4, 0], [-4, 1, 3, 0], { columns: 1, size: 46 });
  assert.equal(height, 92);
  const [{ cx, cy, before, after }, still] = dials;
  const reach = (/** @type {[number, number]} */ [x, y]) => Math.hypot(x - cx, y - cy);
  assert.ok(Math.abs(reach(before) - radius) < 1e-9);
  assert.ok(Math.abs(reach(after) - radius) < 1e-9);
  assert.ok(before[0] > cx && before[1] < cy, "right and up");
  assert.ok(after[0] < cx && after[1] < cy, "left and up");
  assert.deepEqual(still.before, still.after);
  assert.ok(Math.abs(still.before[0] - still.cx - radius) < 1e-9);
  assert.equal(still.share, 1 / 5);
});
