import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { patternLayout } from "../../layout/flow/pattern.js";
import { rowMiddle } from "../../layout/flow/rows.js";
import { fitLabel } from "../../layout/attention.js";
import { usePage } from "../page.js";
import { useColours } from "../use_colours.js";
import { drawPattern } from "./draw_pattern.js";
import { useWeights } from "./use_weights.js";

const STACK_STEP_PX = 4;
const STACK_MOST = 3;

/**
 * One head in front of the stack of all: its attention pattern, a row for each token in the row of that token, a column
 * for each key.
 * @param {import("./flow_sheet.jsx").Figure} props
 */
export function HeadCard({ data, layout, rows }) {
  const { state } = usePage();
  const { card } = layout;
  const behind = Math.min(STACK_MOST, (state.model_shape.value?.n_head ?? 1) - 1);
  const bottom = rows.top + rows.height + 2;
  return (
    <div class="flow-card-room">
      {Array.from({ length: behind }, (_, index) => (
        <div
          key={index}
          class="flow-card-behind"
          style={{
            left: `${card.x + (behind - index) * STACK_STEP_PX}px`, top: `${7 - (behind - index) * 2}px`,
            width: `${card.width}px`, height: `${bottom - 6}px`,
          }}
        />
      ))}
      <div class="flow-card" style={{ left: `${card.x}px`, top: "7px", width: `${card.width}px`, height: `${bottom - 3}px` }} />
      <Pattern data={data} layout={layout} rows={rows} />
    </div>
  );
}

/** @param {import("./flow_sheet.jsx").Figure} props */
function Pattern({ data, layout, rows }) {
  const { state, actions } = usePage();
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

  /** @param {PointerEvent} event */
  const cellOf = (event) => {
    const query = rows.first + Math.max(0, Math.min(rows.count - 1, Math.floor(event.offsetY / rows.pitch)));
    const key = Math.max(0, Math.min(query, Math.floor(event.offsetX / place.cell_px)));
    return { query, key };
  };
  /** @param {PointerEvent} event */
  const onPointerMove = (event) => {
    const { query, key } = cellOf(event);
    actions.pointAtToken(query);
    actions.pointAtValue({
      name: "attention_pattern", layer: data.layer, head: state.is_mean_of_heads.value ? null : state.head.value,
      row: query, index: key, value: weights[query * n_tokens + key], shape: [n_tokens, n_tokens],
      x: span.x + (key + 0.5) * place.cell_px, y: rowMiddle(rows, query) - rows.pitch / 2,
    });
  };
  const leave = () => {
    actions.pointAtToken(null);
    actions.pointAtValue(null);
  };
  const explain = () => {
    const at = state.pointed_value.value;
    if (at && at.head !== null) actions.explainCell({ name: at.name, layer: at.layer, head: at.head, row: at.row, column: at.index });
  };
  return (
    <>
      <canvas
        ref={canvas}
        class="flow-pattern"
        role="img"
        aria-label={t("flow.pattern_name")}
        style={{ left: `${span.x}px`, top: `${rows.top}px`, width: `${place.size_px}px`, height: `${rows.height}px` }}
        onPointerMove={onPointerMove}
        onPointerLeave={leave}
        onClick={explain}
      />
      <KeyLabels data={data} span={span} place={place} top={rows.top} />
      <QueryFrame span={span} place={place} rows={rows} n_tokens={n_tokens} />
    </>
  );
}

/**
 * @param {{data: import("../../state/flow.js").FlowData, span: import("../../layout/flow/columns.js").Span,
 *   place: import("../../layout/flow/pattern.js").PatternLayout, top: number}} props
 */
function KeyLabels({ data, span, place, top }) {
  const { state } = usePage();
  const at = state.pointed_value.value;
  const pointed = at?.name === "attention_pattern" ? at.index : null;
  return (
    <svg class="flow-keys" width={span.width + 40} height={top} style={{ left: `${span.x}px` }} aria-hidden="true">
      {data.run.tokens.map(({ label }, key) => (key % place.label_step === 0 || key === pointed) && (
        <text
          key={key}
          class={key === pointed ? "flow-key pointed" : "flow-key"}
          transform={`translate(${(key + 0.5) * place.cell_px + 4} ${top - 5}) rotate(-50)`}
        >
          {fitLabel(label, 58)}
        </text>
      ))}
    </svg>
  );
}

/**
 * The row of the query that the ribbons show.
 * @param {{span: import("../../layout/flow/columns.js").Span, place: import("../../layout/flow/pattern.js").PatternLayout,
 *   rows: import("../../layout/flow/rows.js").RowLayout, n_tokens: number}} props
 */
function QueryFrame({ span, place, rows, n_tokens }) {
  const { state, selectors } = usePage();
  const query = Math.min(state.pointed_token.value ?? selectors.query.value, n_tokens - 1);
  const y = rowMiddle(rows, query) - rows.pitch / 2;
  return (
    <div
      class="flow-query-frame"
      style={{
        width: `${(query + 1) * place.cell_px + 2}px`, height: `${rows.pitch}px`,
        transform: `translate(${span.x - 1}px, ${y}px)`,
      }}
    />
  );
}
