import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { fitLabel } from "../../layout/attention.js";
import { patternCell, patternLayout, patternStep } from "../../layout/flow/pattern.js";
import { rowMiddle } from "../../layout/flow/rows.js";
import { usePage } from "../page_context.js";
import { useColours } from "../use_colours.js";
import { drawPattern } from "./draw_pattern.js";
import { useWeights } from "./use_weights.js";

// What a key's label may take of the slanted line between the head's name and the rows.
const KEY_LABEL_PX = 60;

/**
 * The attention pattern of the chosen head, or the mean of all. Arrow keys go from cell to cell; a click, or Enter, asks
 * for the sum behind a weight.
 * @param {import("./flow_figure.js").Figure} props
 */
export function Pattern({ data, layout, rows }) {
  const { state, selectors, actions } = usePage();
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const colours = useColours();
  const weights = useWeights(data);
  const span = /** @type {import("../../layout/flow/columns.js").Span} */ (layout.columns.attention_pattern);
  const n_tokens = data.run.tokens.length;
  const place = patternLayout(n_tokens, span.width, rows);
  useLayoutEffect(() => {
    if (canvas.current && weights) drawPattern(canvas.current, weights, place, rows);
  }, [weights, span.width, rows, colours]);
  if (!weights) return null;

  /** @param {import("../../layout/flow/pattern.js").Cell} cell */
  const point = ({ query, key }) => {
    actions.pointAtToken(query);
    actions.pointAtValue({
      name: "attention_pattern",
      layer: data.layer,
      head: state.is_mean_of_heads.value ? null : state.head.value,
      row: query,
      index: key,
      value: weights[query * n_tokens + key],
      shape: [n_tokens, n_tokens],
      x: span.x + (key + 0.5) * place.cell_px,
      y: rowMiddle(rows, query) - rows.pitch / 2,
    });
  };
  const leave = () => {
    actions.pointAtToken(null);
    actions.pointAtValue(null);
  };
  const explain = () => {
    const at = state.pointed_value.value;
    // A mean over heads is no single sum of the model's.
    if (at && at.head !== null)
      actions.explainCell({ name: at.name, layer: at.layer, head: at.head, row: at.row, column: at.index });
  };
  const onPointerMove = (/** @type {PointerEvent} */ event) =>
    point(patternCell(event.offsetX, event.offsetY, place, rows));
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const at = state.pointed_value.value;
    if (!at || at.name !== "attention_pattern") return;
    const is_asking = event.key === "Enter" || event.key === " ";
    const next = patternStep({ query: at.row, key: at.index }, event.key, rows);
    if (!is_asking && !next) return;
    event.preventDefault();
    if (next) point(next);
    else explain();
  };
  const start = () => {
    const query = Math.max(rows.first, Math.min(rows.first + rows.count - 1, selectors.query.value));
    point({ query, key: query });
  };
  return (
    <>
      <div
        class="flow-pattern"
        style={{ left: `${span.x}px`, top: `${rows.top}px`, width: `${place.size_px}px`, height: `${rows.height}px` }}
        role="group"
        tabIndex={0}
        aria-roledescription={t("flow.pattern_role")}
        aria-label={t(state.is_mean_of_heads.value ? "flow.pattern_mean_name" : "flow.pattern_name")}
        aria-describedby="flow-value"
        onKeyDown={onKeyDown}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && start()}
        onBlur={leave}
      >
        <canvas
          ref={canvas}
          onPointerMove={onPointerMove}
          onPointerDown={onPointerMove}
          onPointerLeave={leave}
          onClick={explain}
        />
      </div>
      <KeyLabels data={data} span={span} place={place} top={rows.top} />
      <QueryFrame span={span} place={place} rows={rows} n_tokens={n_tokens} />
    </>
  );
}

/**
 * @param {{data: import("../../state/flow_state.js").FlowData, span: import("../../layout/flow/columns.js").Span,
 *   place: import("../../layout/flow/pattern.js").PatternLayout, top: number}} props
 */
function KeyLabels({ data, span, place, top }) {
  const { state } = usePage();
  const at = state.pointed_value.value;
  const pointed = at?.name === "attention_pattern" ? at.index : null;
  return (
    <svg class="flow-keys" width={span.width + 40} height={top} style={{ left: `${span.x}px` }} aria-hidden="true">
      {data.run.tokens.map(
        ({ label }, key) =>
          (key % place.label_step === 0 || key === pointed) && (
            <text
              key={key}
              class={key === pointed ? "flow-key pointed" : "flow-key"}
              transform={`translate(${(key + 0.5) * place.cell_px + 4} ${top - 5}) rotate(-55)`}
            >
              {fitLabel(label, KEY_LABEL_PX)}
            </text>
          ),
      )}
    </svg>
  );
}

/**
 * The row of the query that the ribbons show; in it, the cell that is pointed at.
 * @param {{span: import("../../layout/flow/columns.js").Span, place: import("../../layout/flow/pattern.js").PatternLayout,
 *   rows: import("../../layout/flow/rows.js").RowLayout, n_tokens: number}} props
 */
function QueryFrame({ span, place, rows, n_tokens }) {
  const { state, selectors } = usePage();
  const query = Math.min(state.pointed_token.value ?? selectors.query.value, n_tokens - 1);
  const at = state.pointed_value.value;
  const y = rowMiddle(rows, query) - rows.pitch / 2;
  return (
    <>
      <div
        class="flow-query-frame"
        style={{
          width: `${(query + 1) * place.cell_px + 2}px`,
          height: `${rows.pitch}px`,
          transform: `translate(${span.x - 1}px, ${y}px)`,
        }}
      />
      {at?.name === "attention_pattern" && at.row === query && (
        <div
          class="flow-cell-frame"
          style={{
            width: `${Math.max(3, place.cell_px)}px`,
            height: `${rows.pitch}px`,
            transform: `translate(${span.x + at.index * place.cell_px}px, ${y}px)`,
          }}
        />
      )}
    </>
  );
}
