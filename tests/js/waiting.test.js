import assert from "node:assert/strict";
import { test } from "node:test";
import { Waiting } from "../../web/workers/waiting.js";

const GONE = { code: "worker_died", message: "gone", detail: null };

test("answers and failures pass", async () => {
  const waiting = new Waiting();
  assert.equal(await waiting.wait(async () => 3), 3);
  await assert.rejects(
    waiting.wait(async () => Promise.reject(new Error("no"))),
    /no/,
  );
});

test("the end fails what waits and what is asked later, which is not even asked", async () => {
  const waiting = new Waiting();
  const call = waiting.wait(() => new Promise(() => {}));
  waiting.end(GONE);
  waiting.end({ code: "internal", message: "later", detail: null });
  await assert.rejects(call, GONE);
  let is_asked = false;
  await assert.rejects(
    waiting.wait(async () => (is_asked = true)),
    GONE,
  );
  assert.equal(is_asked, false);
});

test("answers are not held", async () => {
  const waiting = new Waiting();
  const size = 2 ** 18;
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 300; i++) {
    await waiting.wait(async () => new Float32Array(size));
    // The collector comes between tasks.
    if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  assert.ok(process.memoryUsage().arrayBuffers - before < 200 * size * 4, "300 MiB were asked for, one after another");
});
