import assert from "node:assert/strict";
import { test } from "node:test";
import { fitLabel, labelWidth } from "../../web/layout/labels.js";

test("labels are cut by letters, not by halves of them", () => {
  assert.equal(fitLabel("short", 200), "short");
  const cut = fitLabel("🙂🙂🙂🙂🙂🙂🙂🙂", 60);
  assert.ok(cut.endsWith("…") && !/\p{Surrogate}/u.test(cut));
  assert.ok(labelWidth(cut) <= 60);
  assert.ok(labelWidth("北京") > labelWidth("ab"));
});
