import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatNumber, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { nextPlace, placeAt } from "../../layout/grid.js";
import { fitLabel, LABEL_DEGREES } from "../../layout/labels.js";
import { matrixLayout } from "../../layout/matrix.js";
import { scaleLimit } from "../../layout/strip.js";
import { usePage } from "../page_context.js";
import { useSize } from "../use_size.js";
import { CursorGroup } from "./cursor_group.jsx";
import { drawMatrix } from "./draw_matrix.js";
import { Figure } from "./figure_frame.jsx";
import { useRamp } from "./use_ramp.js";

/**
 * @typedef {import("../../layout/grid.js").Place} Place
 * @typedef {object} MatrixProps
 * @property {string} title
 * @property {import("../../state/types.js").Tensor} tensor [row, column]
 * @property {string[]} [row_labels] @property {string[]} [column_labels] of tokens, where the axis is of tokens
 * @property {string} row_axis @property {string} column_axis names of the axes
 * @property {boolean} [is_sequential] values from 0 to 1, not symmetric about 0
 * @property {string} [role] @property {number} [limit] where the colours end; from the values if absent
 * @property {(place: Place, value: number) => string} [describe] the value under the cursor in words
 * @property {(value: number) => string} [cellWords] what is printed in a cell with room for it
 * @property {(place: Place | null) => void} [onPoint]
 * @property {(place: Place) => void} [onExplain] @property {Place | null} [pointed] where another figure points
 * @property {import("preact").ComponentChildren} [note]
 */

/** A matrix as a heat map: named axes, its own printed scale, the pointer's or the arrow keys' cell. @param {MatrixProps} props */
export function Matrix(props) {
  const {
    title,
    tensor,
    row_labels,
    column_labels,
    row_axis,
    column_axis,
    is_sequential = false,
    role,
    describe,
    note,
  } = props;
  const language = usePage().state.language.value;
  const [own, setOwn] = useState(/** @type {Place | null} */ (null));
  const [n_rows, n_columns] = tensor.shape;
  const limit = useMemo(
    () => props.limit ?? (is_sequential ? 1 : scaleLimit(tensor.data)),
    [tensor, is_sequential, props.limit],
  );
  const data = useMemo(
    () => ({
      title,
      row_axis,
      column_axis,
      column_labels: column_labels ?? null,
      rows: Array.from({ length: n_rows }, (_, row) => ({
        label: row_labels?.[row] ?? String(ordinal(row)),
        values: tensor.data.subarray(row * n_columns, (row + 1) * n_columns),
        limit,
      })),
    }),
    [tensor, title, row_axis, column_axis, row_labels, column_labels, limit],
  );
  const place = own ?? props.pointed ?? null;
  const is_inside = place && place.row < n_rows && place.column < n_columns;
  const value = is_inside ? tensor.data[place.row * n_columns + place.column] : NaN;
  const words = !is_inside
    ? ""
    : describe
      ? describe(place, value)
      : t("section_cell", {
          row: row_labels?.[place.row] ?? ordinal(place.row),
          column: column_labels?.[place.column] ?? ordinal(place.column),
          value: formatValue(value, language),
        });
  const point = (/** @type {Place | null} */ next) => {
    setOwn(next);
    props.onPoint?.(next);
  };
  return (
    <Figure
      data={data}
      role={role}
      note={note}
      readout={words}
      hint={t(props.onExplain ? "section_hint_explain" : "section_hint")}
      is_sequential={is_sequential}
    >
      {(ids) => (
        <Sheet {...props} ids={ids} limit={limit} place={is_inside ? place : null} point={point} language={language} />
      )}
    </Figure>
  );
}

/**
 * @param {MatrixProps & {ids: {title: string, readout: string}, limit: number, place: Place | null,
 *   point: (place: Place | null) => void, language: import("../../state/types.js").Language}} props
 */
function Sheet({
  tensor,
  row_labels,
  column_labels,
  row_axis,
  column_axis,
  is_sequential = false,
  limit,
  place,
  ids,
  point,
  onExplain,
  cellWords,
  language,
}) {
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const { width } = useSize(room);
  const [n_rows, n_columns] = tensor.shape;
  const layout = useMemo(
    () =>
      matrixLayout({ row_labels: row_labels ?? null, column_labels: column_labels ?? null, n_rows, n_columns }, width),
    [row_labels, column_labels, n_rows, n_columns, width],
  );
  const colours = useRamp(is_sequential);
  useLayoutEffect(() => {
    if (!canvas.current || width === 0) return;
    const words = (/** @type {number} */ value) =>
      is_sequential ? formatNumber(value * 100, language) : formatValue(value, language, 2);
    drawMatrix(canvas.current, tensor.data, layout, { limit, is_sequential }, colours, cellWords ?? words);
  }, [tensor, layout, colours, limit, language, width]);

  /** @param {PointerEvent} event */
  const onPointerMove = (event) => point(placeAt({ x: event.offsetX, y: event.offsetY }, layout));
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if ((event.key === "Enter" || event.key === " ") && place && onExplain) {
      event.preventDefault();
      onExplain(place);
      return;
    }
    const next = nextPlace(place ?? { row: n_rows - 1, column: 0 }, event.key, layout);
    if (!next) return;
    event.preventDefault();
    point(next);
  };
  const sides = { width: `${layout.width}px`, height: `${layout.height}px` };
  return (
    <CursorGroup
      class="matrix"
      room={room}
      role="attention.role"
      ids={ids}
      onKeyDown={onKeyDown}
      onEnter={() => point(place ?? { row: n_rows - 1, column: 0 })}
      onLeave={() => point(null)}
    >
      {width > 0 && (
        <>
          <p class="matrix-axes">
            <span class="matrix-row-axis">{row_axis} ↓</span> <span class="matrix-column-axis">{column_axis} →</span>
          </p>
          <div
            class="matrix-sheet"
            style={{
              paddingTop: `${layout.column_label_px}px`,
              paddingLeft: `${layout.row_label_px}px`,
              width: `${layout.width + layout.row_label_px}px`,
            }}
          >
            <Labels layout={layout} row_labels={row_labels} column_labels={column_labels} place={place} />
            <div class="matrix-cells" style={sides}>
              <canvas
                ref={canvas}
                class={onExplain ? "matrix-open" : ""}
                style={sides}
                onPointerMove={onPointerMove}
                onPointerDown={onPointerMove}
                onPointerLeave={(event) => event.pointerType !== "touch" && point(null)}
                onClick={() => place && onExplain?.(place)}
              />
              {place && (
                <div
                  class="cell-frame"
                  style={{
                    left: `${place.column * layout.cell_width}px`,
                    top: `${place.row * layout.cell_height}px`,
                    width: `${Math.max(2, layout.cell_width)}px`,
                    height: `${Math.max(2, layout.cell_height)}px`,
                  }}
                />
              )}
            </div>
          </div>
          <Scale limit={limit} is_sequential={is_sequential} language={language} />
        </>
      )}
    </CursorGroup>
  );
}

/** @param {{layout: import("../../layout/matrix.js").MatrixLayout, row_labels?: string[], column_labels?: string[], place: Place | null}} props */
function Labels({ layout, row_labels, column_labels, place }) {
  const { cell_width, cell_height, row_label_px, column_label_px, row_step, column_step } = layout;
  const kind = (/** @type {boolean} */ is_pointed) => (is_pointed ? "pointed" : undefined);
  return (
    <svg
      class="matrix-labels"
      width={layout.width + row_label_px}
      height={layout.height + column_label_px}
      aria-hidden="true"
    >
      {column_labels?.map(
        (label, column) =>
          (column % column_step === 0 || column === place?.column) && (
            <text
              key={`c${column}`}
              class={kind(column === place?.column)}
              transform={`translate(${row_label_px + (column + 0.5) * cell_width + 4} ${column_label_px - 6}) rotate(${LABEL_DEGREES})`}
            >
              {fitLabel(label, column_label_px)}
            </text>
          ),
      )}
      {row_labels?.map(
        (label, row) =>
          (row % row_step === 0 || row === place?.row) && (
            <text
              key={`r${row}`}
              class={kind(row === place?.row)}
              text-anchor="end"
              x={row_label_px - 6}
              y={column_label_px + (row + 0.5) * cell_height + 5}
            >
              {fitLabel(label, row_label_px - 6)}
            </text>
          ),
      )}
    </svg>
  );
}

/** The printed scale of the colour. @param {{limit: number, is_sequential: boolean, language: import("../../state/types.js").Language}} props */
function Scale({ limit, is_sequential, language }) {
  const end = is_sequential ? formatValue(limit, language) : formatValue(limit, language, 3);
  return (
    <p class="section-scale">
      <span>{is_sequential ? "0" : `\u2212${end}`}</span>
      <span class={is_sequential ? "section-ramp section-ramp-sequential" : "section-ramp"} aria-hidden="true" />
      <span>{end}</span>
    </p>
  );
}
