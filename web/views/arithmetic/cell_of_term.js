/**
 * From the number of a term to its cell, as `explain` names the cells of all terms; undefined for weights, which are no cells.
 * @param {{name: string, layer: number | null, heads: Int32Array | null, rows: Int32Array, columns: Int32Array} | null} cells
 * @returns {((term: number) => import("../../state/exploring.js").ExplainedCell) | undefined}
 */
export function cellOfTerm(cells) {
  if (!cells) return undefined;
  const { name, layer, heads, rows, columns } = cells;
  return (term) => ({ name, layer, head: heads ? heads[term] : null, row: rows[term], column: columns[term] });
}
