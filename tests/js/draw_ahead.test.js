import assert from "node:assert/strict";
import { test } from "node:test";
import { createDrawAhead } from "../../web/state/draw_ahead.js";
import { DEFAULT_SAMPLING } from "../../web/state/limits.js";

const OPTIONS = /** @type {import("../../web/state/types.js").Options} */ (/** @type {unknown} */ (DEFAULT_SAMPLING));

/** A model whose runs count up; with one that may fail. */
function pretend() {
  /** @type {number[]} */
  const asked = [];
  const world = { asked, fails: false };
  const api = /** @type {import("../../web/client/python_api.js").PythonApi} */ (
    /** @type {unknown} */ ({
      generate_token: async (/** @type {number} */ run_id) => {
        asked.push(run_id);
        if (world.fails) throw { code: "worker_died", message: "died" };
        return { run_id: run_id + 1 };
      },
    })
  );
  return { world, ahead: createDrawAhead(api) };
}

test("what was drawn ahead is taken, once", async () => {
  const { world, ahead } = pretend();
  ahead.start(7, OPTIONS);
  assert.equal((await ahead.take(7, OPTIONS)).run_id, 8);
  assert.deepEqual(world.asked, [7]);
  await ahead.take(7, OPTIONS);
  assert.deepEqual(world.asked, [7, 7]);
});

test("another run, other options, or nothing drawn ahead: the model is asked", async () => {
  const { world, ahead } = pretend();
  await ahead.take(1, OPTIONS);
  ahead.start(2, OPTIONS);
  await ahead.take(3, OPTIONS);
  ahead.start(4, OPTIONS);
  await ahead.take(4, { ...OPTIONS, seed: 9 });
  ahead.start(5, OPTIONS);
  ahead.drop();
  await ahead.take(5, OPTIONS);
  assert.deepEqual(world.asked, [1, 2, 3, 4, 4, 5, 5]);
});

test("a failure is that of whoever takes the token, and no one else's", async () => {
  const { world, ahead } = pretend();
  world.fails = true;
  ahead.start(1, OPTIONS);
  await assert.rejects(ahead.take(1, OPTIONS), { code: "worker_died" });
  ahead.start(2, OPTIONS);
  ahead.drop();
  // An unhandled rejection would fail the test.
  await new Promise((resolve) => setTimeout(resolve, 5));
});
