/**
 * What of an open block is drawn in which frame. All at once would take the time of several frames, and what is being opened would
 * stand still meanwhile.
 *
 * @typedef {{n_turns: number, hasPattern: (turn: number) => boolean, rowsAt: (turn: number) => number,
 *   headsAt: (turn: number) => number}} Turns `turn` 0: nothing yet; n_turns: everything. rowsAt: of so many rows the values are drawn;
 *   headsAt: so many of the other heads
 */

// About what a slow machine draws in a frame: cells of strips, and small patterns.
const CELLS_A_TURN = 300;
const HEADS_A_TURN = 3;

/** @param {number} n_rows with values @param {number} d_head @param {number} n_heads others than the chosen one @returns {Turns} */
export function turnsOf(n_rows, d_head, n_heads) {
  const rows_a_turn = Math.max(1, Math.floor(CELLS_A_TURN / Math.max(1, d_head)));
  const for_rows = Math.ceil(n_rows / rows_a_turn);
  const n_turns = 1 + for_rows + Math.ceil(n_heads / HEADS_A_TURN);
  const within = (/** @type {number} */ count, /** @type {number} */ most) => Math.max(0, Math.min(most, count));
  return {
    n_turns,
    hasPattern: (turn) => turn > 0,
    rowsAt: (turn) => within((turn - 1) * rows_a_turn, n_rows),
    headsAt: (turn) => within((turn - 1 - for_rows) * HEADS_A_TURN, n_heads),
  };
}
