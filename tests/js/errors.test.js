import assert from "node:assert/strict";
import { test } from "node:test";
import { isMemory, toFailure } from "../../web/workers/errors.js";

test("what engines say when they give no more memory", () => {
  const traceback =
    'Traceback (most recent call last):\n  File "regex.py", line 1\nMemoryError: Out of memory while decompressing\n';
  for (const thrown of [
    new RangeError("WebAssembly.Memory(): could not allocate memory"),
    new Error("Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc"),
    new Error(traceback),
    { name: "ErrnoError", errno: 48 },
  ])
    assert.ok(isMemory(thrown));
  for (const thrown of [new TypeError("Failed to fetch"), { code: "network", message: "" }, null, "gone"])
    assert.ok(!isMemory(thrown));
});

test("a failure is said in one line, whatever was thrown", () => {
  assert.equal(
    toFailure(new Error("Traceback (most recent call last):\n  File\nKeyError: 'a'\n")).message,
    "KeyError: 'a'",
  );
  assert.equal(toFailure({ name: "ErrnoError", errno: 20 }).message, "ErrnoError 20");
  assert.deepEqual(toFailure({ code: "network", message: "no answer" }), {
    code: "network",
    message: "no answer",
    detail: null,
  });
});
