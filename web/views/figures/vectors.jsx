import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { nextPlace } from "../../layout/grid.js";
import { indexAt, scaleLimit } from "../../layout/strip.js";
import { usePage } from "../page_context.js";
import { useSize } from "../use_size.js";
import { CursorGroup } from "./cursor_group.jsx";
import { drawStrip } from "./draw_strip.js";
import { Figure } from "./figure_frame.jsx";
import { useStripColours } from "./use_strip_colours.js";

const STRIP_PX = 26;

/**
 * @typedef {import("../../state/exploring.js").ExplainedCell} ExplainedCell
 * @typedef {{label: import("preact").ComponentChildren, words: string, values: Float32Array, role?: string, limit?: number, sign?: string,
 *   mark?: {start: number, stop: number}, cellOf?: (index: number) => ExplainedCell}} VectorRow
 *   `words`: the label as text. `sign` stands before it, as in a sum. `mark`: the part a frame is around. `cellOf`: what is
 *   explained at an index
 */

/**
 * Vectors one below the other, each a strip of its real values with its scale.
 * @param {{title: string, rows: VectorRow[], axis: string, note?: import("preact").ComponentChildren,
 *   onPoint?: (index: number | null) => void}} props
 */
export function Vectors({ title, rows, axis, note, onPoint }) {
  const { state, actions } = usePage();
  const language = state.language.value;
  const [place, setPlace] = useState(/** @type {import("../../layout/grid.js").Place | null} */ (null));
  const limits = rows.map(({ values, limit }) => limit ?? scaleLimit(values));
  const data = useMemo(
    () => ({
      title,
      row_axis: t("section_vector"),
      column_axis: axis,
      column_labels: null,
      is_upright: true,
      rows: rows.map(({ words, values }, row) => ({ label: words, values, limit: limits[row] })),
    }),
    [title, axis, ...rows.map(({ values }) => values), ...rows.map(({ words }) => words)],
  );
  const point = (/** @type {typeof place} */ next) => {
    setPlace(next);
    onPoint?.(next && next.column);
  };
  const explain = () => {
    const cell = place && rows[place.row].cellOf?.(place.column);
    if (cell) actions.explainCell(cell);
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      explain();
      return;
    }
    const from = place ?? { row: 0, column: 0 };
    const next = nextPlace(from, event.key, { n_rows: rows.length, n_columns: rows[from.row].values.length });
    if (!next) return;
    event.preventDefault();
    point({ row: next.row, column: Math.min(next.column, rows[next.row].values.length - 1) });
  };
  const readout =
    place && rows[place.row]
      ? t("section_value", {
          name: rows[place.row].words,
          index: ordinal(place.column),
          value: formatValue(rows[place.row].values[place.column], language),
        })
      : "";
  const is_explained = rows.some(({ cellOf }) => cellOf);
  return (
    <Figure data={data} note={note} readout={readout} hint={t(is_explained ? "section_hint_explain" : "section_hint")}>
      {(ids) => (
        <CursorGroup
          class="vectors"
          role="section_strips"
          ids={ids}
          onKeyDown={onKeyDown}
          onEnter={() => point(place ?? { row: 0, column: 0 })}
          onLeave={() => point(null)}
        >
          {rows.map((row, index) => (
            <VectorLine
              key={index}
              row={row}
              limit={limits[index]}
              pointed={
                place && (place.row === index || rows[place.row]?.values.length === row.values.length)
                  ? place.column
                  : null
              }
              onPoint={(column) => point(column === null ? null : { row: index, column })}
              onClick={explain}
            />
          ))}
        </CursorGroup>
      )}
    </Figure>
  );
}

/**
 * @param {{row: VectorRow, limit: number, pointed: number | null, onPoint: (index: number | null) => void,
 *   onClick: () => void}} props
 */
function VectorLine({ row, limit, pointed, onPoint, onClick }) {
  const language = usePage().state.language.value;
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const { width } = useSize(room);
  const { values, role = "residual", mark } = row;
  const colours = useStripColours(role);
  useLayoutEffect(() => {
    if (canvas.current && width > 0) drawStrip(canvas.current, { values, limit }, { width, height: STRIP_PX }, colours);
  }, [values, limit, width, colours]);
  /** @param {PointerEvent} event */
  const onPointerMove = (event) => onPoint(indexAt(event.offsetX, width, values.length));
  const part = (/** @type {number} */ index) => (index / values.length) * width;
  return (
    <div class={`vector role-${role}`}>
      <span class="vector-label">
        <span class="vector-sign" aria-hidden="true">
          {row.sign ?? ""}
        </span>
        {row.label}
      </span>
      <div class="vector-room" ref={room} style={{ height: `${STRIP_PX}px` }}>
        {width > 0 && (
          <canvas
            ref={canvas}
            style={{ width: `${width}px`, height: `${STRIP_PX}px` }}
            onPointerMove={onPointerMove}
            onPointerDown={onPointerMove}
            onPointerLeave={(event) => event.pointerType !== "touch" && onPoint(null)}
            onClick={onClick}
          />
        )}
        {mark && (
          <span
            class="vector-mark"
            style={{ left: `${part(mark.start)}px`, width: `${part(mark.stop - mark.start)}px` }}
          />
        )}
        {pointed !== null && (
          <span class="vector-cursor" style={{ left: `${part(pointed)}px`, width: `${Math.max(2, part(1))}px` }} />
        )}
      </div>
      <span class="vector-scale" title={t("section_vector_scale")}>
        ±{formatValue(limit, language, 2)}
      </span>
    </div>
  );
}
