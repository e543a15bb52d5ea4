import { useId, useState } from "preact/hooks";
import { formatNumber, formatValue } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { CELLS_MOST } from "../../layout/figure_drawing.js";
import { figureTable } from "../../layout/figure_numbers.js";
import { usePage } from "../page_context.js";
import { SaveButtons } from "./figure_save.jsx";

// A longer table slows the page; all of it is in the CSV file.
const TABLE_ROWS = 400;
const TABLE_COLUMNS = 64;

/**
 * A figure with a name, the value under the cursor, a table of its numbers, and files to save.
 * @param {{data: import("../../layout/figure_numbers.js").FigureData, readout?: string, hint?: string, role?: string,
 *   note?: import("preact").ComponentChildren, is_sequential?: boolean, class?: string,
 *   children: (ids: {title: string, readout: string}) => import("preact").ComponentChildren}} props
 */
export function Figure({
  data,
  readout = "",
  hint = "",
  role = "residual",
  note,
  is_sequential = false,
  class: extra = "",
  children,
}) {
  const [is_table, setTable] = useState(false);
  const id = useId();
  const ids = { title: `${id}-title`, readout: `${id}-readout` };
  const n_cells = data.rows.reduce((sum, { values }) => sum + values.length, 0);
  return (
    <figure class={`section-figure role-${role} ${extra}`} aria-labelledby={ids.title}>
      <figcaption id={ids.title}>{data.title}</figcaption>
      {note && <div class="section-note">{note}</div>}
      {is_table ? <FigureTable data={data} title_id={ids.title} /> : children(ids)}
      <div class="section-foot">
        <p class={readout ? "readout" : "readout readout-hint"} id={ids.readout} aria-live="polite">
          {readout || hint}
        </p>
        <button type="button" class="quiet" onClick={() => setTable(!is_table)}>
          {t(is_table ? "attention.as_figure" : "attention.as_table")}
        </button>
        <SaveButtons data={data} is_sequential={is_sequential} is_drawn={n_cells <= CELLS_MOST} />
      </div>
    </figure>
  );
}

/** @param {{data: import("../../layout/figure_numbers.js").FigureData, title_id: string}} props */
function FigureTable({ data, title_id }) {
  const language = usePage().state.language.value;
  const table = figureTable(data);
  const n_rows = Math.min(TABLE_ROWS, table.n_rows);
  const columns = table.columns.slice(0, TABLE_COLUMNS);
  const is_part = n_rows < table.n_rows || columns.length < table.columns.length;
  return (
    <div class="table-scroll section-table" tabIndex={0} role="group" aria-labelledby={title_id}>
      <table>
        {is_part && (
          <caption>
            {t("section_table_part", {
              rows: formatNumber(n_rows, language),
              columns: formatNumber(columns.length, language),
              all_rows: formatNumber(table.n_rows, language),
              all_columns: formatNumber(table.columns.length, language),
            })}
          </caption>
        )}
        <thead>
          <tr>
            <th scope="col">{table.corner}</th>
            {columns.map((label, column) => (
              <th key={column} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: n_rows }, (_, index) => {
            const { label, values } = table.rowAt(index);
            return (
              <tr key={index}>
                <th scope="row">{label}</th>
                {values.slice(0, TABLE_COLUMNS).map((value, column) => (
                  <td key={column}>{value === undefined ? "" : formatValue(value, language)}</td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
