import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { formatNumber, formatShare } from "../format.js";
import { t } from "../i18n/translate.js";
import { cellAt, fitLabel, heatMapLayout, LABEL_DEGREES, neighbour } from "../layout/attention.js";
import { drawHeatMap } from "./draw_heat_map.js";
import { usePage } from "./page_context.js";
import { useColours } from "./use_colours.js";
import { useSize } from "./use_size.js";

/**
 * A pattern as a heat map; values under the pointer, or under the arrow keys once it has the focus.
 * @param {{pattern: import("../state/types.js").Pattern}} props
 */
export function HeatMap({ pattern }) {
  const { state, selectors, actions } = usePage();
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { width, height } = useSize(room);
  const labels = useMemo(() => pattern.tokens.map(({ label }) => label), [pattern.tokens]);
  const layout = useMemo(() => heatMapLayout(labels, { width, height }), [labels, width, height]);
  const last = labels.length - 1;
  const query = Math.min(selectors.query.value, last);

  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const from = state.cell.value ?? { query, key: 0 };
    const cell = neighbour(from, event.key, labels.length);
    if (!cell) return;
    event.preventDefault();
    actions.pointAt(cell);
  };

  return (
    <div
      class="heat-map"
      ref={room}
      role="group"
      tabIndex={0}
      aria-roledescription={t("attention.role")}
      aria-labelledby="attention-title"
      aria-describedby="attention-readout"
      onKeyDown={onKeyDown}
      onFocus={() => state.cell.value ?? actions.pointAt({ query, key: query })}
      onBlur={() => actions.pointAt(null)}
    >
      {width > 0 && (
        <div
          class="heat-map-sheet"
          style={{ gridTemplateColumns: `${layout.row_label_px}px ${layout.size_px}px ${layout.overhang_px}px` }}
        >
          <div class="heat-map-corner">
            <span class="key-label">{t("attention.key_axis")}</span>
            <span class="query-label">{t("attention.query_axis")}</span>
          </div>
          <ColumnLabels labels={labels} layout={layout} />
          <RowLabels labels={labels} layout={layout} />
          <Cells pattern={pattern} layout={layout} query={query} />
          <Scale />
        </div>
      )}
    </div>
  );
}

/** @typedef {import("../layout/attention.js").HeatMapLayout} HeatMapLayout */

/** @param {{labels: string[], layout: HeatMapLayout}} props */
function ColumnLabels({ labels, layout }) {
  const pointed = usePage().state.cell.value?.key;
  const { cell_px, size_px, column_label_px, overhang_px, label_step, row_label_px } = layout;
  const base = column_label_px - 6;
  return (
    <svg class="heat-map-columns" width={size_px + overhang_px} height={column_label_px} aria-hidden="true">
      {labels.map(
        (label, key) =>
          (key % label_step === 0 || key === pointed) && (
            <text
              key={key}
              class={key === pointed ? "axis-label pointed" : "axis-label"}
              transform={`translate(${(key + 0.5) * cell_px + 4} ${base}) rotate(${LABEL_DEGREES})`}
            >
              {fitLabel(label, row_label_px)}
            </text>
          ),
      )}
    </svg>
  );
}

/** @param {{labels: string[], layout: HeatMapLayout}} props */
function RowLabels({ labels, layout }) {
  const pointed = usePage().state.cell.value?.query;
  const { cell_px, size_px, row_label_px, label_step } = layout;
  return (
    <svg class="heat-map-rows" width={row_label_px} height={size_px} aria-hidden="true">
      {labels.map(
        (label, query) =>
          (query % label_step === 0 || query === pointed) && (
            <text
              key={query}
              class={query === pointed ? "axis-label pointed" : "axis-label"}
              text-anchor="end"
              x={row_label_px - 8}
              y={(query + 0.5) * cell_px + 5}
            >
              {fitLabel(label, row_label_px - 8)}
            </text>
          ),
      )}
    </svg>
  );
}

/** @param {{pattern: import("../state/types.js").Pattern, layout: HeatMapLayout, query: number}} props */
function Cells({ pattern, layout, query }) {
  const { state, actions } = usePage();
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const colours = useColours();
  const language = state.language.value;
  const { cell_px, size_px } = layout;
  useLayoutEffect(() => {
    const valueWords = (/** @type {number} */ weight) => formatNumber(weight * 100, language);
    if (canvas.current) drawHeatMap(canvas.current, pattern.tensor.data, layout, valueWords);
  }, [pattern, layout, colours, language]);
  useEffect(() => () => actions.pointAt(null), []);
  const cell = state.cell.value;

  /** @param {PointerEvent} event */
  const onPointerMove = (event) => actions.pointAt(cellAt({ x: event.offsetX, y: event.offsetY }, layout));

  return (
    <div class="heat-map-cells" style={{ width: `${size_px}px`, height: `${size_px}px` }}>
      <canvas
        ref={canvas}
        style={{ width: `${size_px}px`, height: `${size_px}px` }}
        onPointerMove={onPointerMove}
        onPointerDown={onPointerMove}
        // A finger leaves at once; what it pointed at stays to be read.
        onPointerLeave={(event) => event.pointerType !== "touch" && actions.pointAt(null)}
        onClick={() => cell && actions.selectQuery(cell.query)}
      />
      <div
        class="query-frame"
        style={{ top: `${query * cell_px}px`, height: `${cell_px}px`, width: `${(query + 1) * cell_px}px` }}
      />
      {cell && cell.query < pattern.tokens.length && (
        <div
          class="cell-frame"
          style={{
            top: `${cell.query * cell_px}px`,
            left: `${cell.key * cell_px}px`,
            width: `${cell_px}px`,
            height: `${cell_px}px`,
          }}
        />
      )}
    </div>
  );
}

/** The printed scale of the colour. */
function Scale() {
  const language = usePage().state.language.value;
  return (
    <div class="scale" role="img" aria-label={t("attention.scale")}>
      <span>{formatShare(1, language)}</span>
      <span class="scale-ramp" />
      <span>{formatShare(0, language)}</span>
    </div>
  );
}
