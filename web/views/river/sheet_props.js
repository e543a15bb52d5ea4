/**
 * @typedef {object} SheetProps
 * @property {import("../../state/river_state.js").River} base the row put forward; it says where the rows lie
 * @property {import("../../state/river_state.js").River} shown the row whose ribbons are drawn
 * @property {import("../../layout/river/frame.js").Frame} frame
 * @property {import("../../layout/river/rows.js").Row[]} rows
 * @property {import("../../layout/river/spans.js").Span[]} spans of the blocks
 * @property {{start: import("../../layout/river/spans.js").Span, end: import("../../layout/river/spans.js").Span}} ends the embedding's and
 *   the unembedding's; without width until they open
 * @property {number} drawn index of the row whose ribbons are drawn
 */

/**
 * What an open part draws into its stage.
 * @typedef {object} InsideProps
 * @property {import("../../state/river_state.js").OpenedData} opened
 * @property {import("../../state/river_state.js").River} shown
 * @property {import("../../layout/river/rows.js").Row} row the chosen token's
 * @property {import("../../layout/river/stage.js").Stage} stage
 * @property {number} width of the whole part, px
 * @property {number} largest push of the river
 */

export {};
