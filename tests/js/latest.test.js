import assert from "node:assert/strict";
import { test } from "node:test";
import { createEstimate } from "../../web/state/estimate.js";
import { latestOnly } from "../../web/state/latest.js";

test("of many requests the first and the newest are made, one at a time and in order", async () => {
  /** @type {string[]} */
  const log = [];
  const ask = latestOnly(async (/** @type {number} */ n) => {
    log.push(`start ${n}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.push(`end ${n}`);
    return n;
  });
  const first = ask(1);
  await Promise.resolve();
  await Promise.resolve();
  const replies = await Promise.all([first, ask(2), ask(3), ask(4)]);
  assert.deepEqual(replies, [1, undefined, undefined, 4]);
  assert.deepEqual(log, ["start 1", "end 1", "start 4", "end 4"]);
});

test("a failed request rejects and does not block the next", async () => {
  const ask = latestOnly(async (/** @type {boolean} */ fails) => {
    if (fails) throw new Error("no");
    return "yes";
  });
  await assert.rejects(ask(true), /no/);
  assert.equal(await ask(false), "yes");
});

test("time left follows the bytes since the first report", () => {
  const estimate = createEstimate();
  assert.equal(estimate.secondsLeft("m", 50, 250, 0), null);
  assert.equal(estimate.secondsLeft("m", 60, 250, 100), null);
  assert.equal(estimate.secondsLeft("m", 150, 250, 10_000), 10);
  estimate.forget("m");
  assert.equal(estimate.secondsLeft("m", 150, 250, 10_000), null);
});
