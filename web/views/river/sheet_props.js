/**
 * @typedef {object} SheetProps
 * @property {import("../../state/river_state.js").River} base the row put forward; it says where the rows lie
 * @property {import("../../state/river_state.js").River} shown the row whose ribbons are drawn
 * @property {import("../../layout/river/frame.js").Frame} frame
 * @property {import("../../layout/river/rows.js").Row[]} rows
 * @property {import("../../layout/river/spans.js").Span[]} spans
 * @property {number} drawn index of the row whose ribbons are drawn
 */

export {};
