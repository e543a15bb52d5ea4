import { useMemo } from "preact/hooks";
import { formatValue } from "../../format.js";
import { barsFromZero } from "../../layout/bars.js";
import { usePage } from "../page_context.js";
import { Bar } from "./bar.jsx";
import { Figure } from "./figure_frame.jsx";

/**
 * Named numbers as bars from 0, the number beside each.
 * `end`: the largest value that the bars are to hold, where other bars are held against them.
 * @param {{title: string, axis: string, role?: string, end?: number, format?: typeof formatValue, note?: import("preact").ComponentChildren,
 *   rows: {label: import("preact").ComponentChildren, words: string, value: number}[]}} props
 */
export function Bars({ title, axis, rows, role, end, format = formatValue, note }) {
  const language = usePage().state.language.value;
  const { zero, spans } = barsFromZero(
    rows.map(({ value }) => value),
    end,
  );
  const data = useMemo(() => {
    const limit = Math.max(end ?? 0, ...rows.map(({ value }) => Math.abs(value))) || 1;
    return {
      title,
      row_axis: axis,
      column_axis: axis,
      column_labels: [axis],
      is_upright: false,
      rows: rows.map(({ words, value }) => ({ label: words, values: [value], limit })),
    };
  }, [title, axis, rows, end]);
  return (
    <Figure data={data} role={role} note={note}>
      {() => (
        <ol class="section-bars">
          {rows.map(({ label, value }, rank) => (
            <li key={rank}>
              <span class="section-bar-label">{label}</span>
              <Bar span={spans[rank]} zero={zero} />
              <span class="share">{format(value, language)}</span>
            </li>
          ))}
        </ol>
      )}
    </Figure>
  );
}
