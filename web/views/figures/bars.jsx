import { useMemo } from "preact/hooks";
import { formatValue } from "../../format.js";
import { barsFromZero } from "../../layout/bars.js";
import { usePage } from "../page_context.js";
import { Bar } from "./bar.jsx";
import { Figure } from "./figure_frame.jsx";

/**
 * Named numbers as bars from 0, the number beside each.
 * @param {{title: string, axis: string, role?: string, note?: import("preact").ComponentChildren,
 *   rows: {label: import("preact").ComponentChildren, words: string, value: number}[]}} props
 */
export function Bars({ title, axis, rows, role, note }) {
  const language = usePage().state.language.value;
  const { zero, spans } = barsFromZero(rows.map(({ value }) => value));
  const data = useMemo(() => {
    const limit = Math.max(...rows.map(({ value }) => Math.abs(value))) || 1;
    return {
      title,
      row_axis: axis,
      column_axis: axis,
      column_labels: [axis],
      is_upright: false,
      rows: rows.map(({ words, value }) => ({ label: words, values: [value], limit })),
    };
  }, [title, axis, rows]);
  return (
    <Figure data={data} role={role} note={note}>
      {() => (
        <ol class="section-bars">
          {rows.map(({ label, value }, rank) => (
            <li key={rank}>
              <span class="section-bar-label">{label}</span>
              <Bar span={spans[rank]} zero={zero} />
              <span class="share">{formatValue(value, language)}</span>
            </li>
          ))}
        </ol>
      )}
    </Figure>
  );
}
