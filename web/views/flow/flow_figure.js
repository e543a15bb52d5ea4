/** @typedef {{data: import("../../state/flow_state.js").FlowData, layout: import("../../layout/flow/columns.js").ColumnLayout,
 *   rows: import("../../layout/flow/rows.js").RowLayout}} Figure */

export {};
