import assert from "node:assert/strict";
import { test } from "node:test";
import { turnsOf } from "../../web/layout/river/turns.js";

test("in turns everything is drawn once, never more in a frame than a few rows or patterns", () => {
  for (const [n_rows, d_head, n_heads] of [
    [24, 32, 7],
    [24, 64, 11],
    [1, 64, 0],
    [3, 1000, 31],
    [24, 0, 7],
  ]) {
    const { n_turns, hasPattern, rowsAt, headsAt } = turnsOf(n_rows, d_head, n_heads);
    assert.deepEqual([hasPattern(0), rowsAt(0), headsAt(0)], [false, 0, 0]);
    assert.deepEqual([hasPattern(n_turns), rowsAt(n_turns), headsAt(n_turns)], [true, n_rows, n_heads]);
    for (let turn = 1; turn <= n_turns; turn++) {
      const [rows, heads] = [rowsAt(turn) - rowsAt(turn - 1), headsAt(turn) - headsAt(turn - 1)];
      assert.ok(rows >= 0 && heads >= 0 && (rows === 0 || heads === 0));
      assert.ok(rows <= Math.max(1, 300 / d_head) && heads <= 3);
    }
  }
});
