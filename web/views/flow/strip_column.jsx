import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { formatValue } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { rowMiddle, stripHeight, tokensInSight } from "../../layout/flow/rows.js";
import { columnLimit, lanePlaces } from "../../layout/flow/strips.js";
import { vectorAt } from "../../layout/flow/tensors.js";
import { indexAt } from "../../layout/strip.js";
import { usePage } from "../page_context.js";
import { drawStrips, useStripColours } from "../strip.jsx";

/**
 * One stage of the flow: a strip of real values in the row of every token in sight. A click, or Enter, asks for the sum
 * behind a value.
 * @param {{strips: import("../../layout/flow/strips.js").StripColumn, span: import("../../layout/flow/columns.js").Span,
 *   rows: import("../../layout/flow/rows.js").RowLayout}} props
 */
export function StripColumn({ strips, span, rows }) {
  const { actions, state, selectors } = usePage();
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const { lanes, role } = strips;
  const colours = useStripColours(role);
  const limit = useMemo(() => columnLimit(lanes, span.width), [span.width, ...lanes.map(({ tensor }) => tensor.data)]);
  const places = useMemo(() => placesOf(rows, lanes.length), [rows, lanes.length]);
  useLayoutEffect(() => {
    if (!canvas.current) return;
    const strips_to_draw = places.flatMap(({ token, tops, height }) =>
      lanes.map(({ tensor }, lane) => ({
        values: vectorAt(tensor, [token]),
        limit,
        top: tops[lane] - rows.top,
        height,
      })),
    );
    drawStrips(canvas.current, strips_to_draw, { width: span.width, height: rows.height }, colours);
  }, [lanes, limit, places, span.width, colours]);
  useLayoutEffect(() => fadeIn(canvas.current), [lanes]);

  /** @param {number} token @param {number} lane @param {number} index */
  const point = (token, lane, index) => {
    const { name, layer, head, tensor } = lanes[lane];
    const values = vectorAt(tensor, [token]);
    const place = places[token - rows.first];
    actions.pointAtToken(token);
    actions.pointAtValue({
      name,
      layer,
      head,
      row: token,
      index,
      value: values[index],
      shape: tensor.shape,
      x: span.x + ((index + 0.5) / values.length) * span.width,
      y: place.tops[lane],
    });
  };
  /** @param {PointerEvent} event */
  const onPointerMove = (event) => {
    const y = event.offsetY + rows.top;
    const token = rows.first + Math.max(0, Math.min(rows.count - 1, Math.floor(event.offsetY / rows.pitch)));
    const { tops, height } = places[token - rows.first];
    const lane = tops.findLastIndex((top) => y >= top - 1);
    if (lane < 0 || y > tops[lane] + height + 1) {
      actions.pointAtToken(token);
      actions.pointAtValue(null);
      return;
    }
    const { shape } = lanes[lane].tensor;
    point(token, lane, indexAt(event.offsetX, span.width, shape[shape.length - 1]));
  };
  const leave = () => {
    actions.pointAtToken(null);
    actions.pointAtValue(null);
  };
  const explain = () => {
    const at = state.pointed_value.value;
    if (at) actions.explainCell({ name: at.name, layer: at.layer, head: at.head, row: at.row, column: at.index });
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const at = state.pointed_value.value;
    if (!at) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      explain();
      return;
    }
    const lane = Math.max(
      0,
      lanes.findIndex(({ name }) => name === at.name),
    );
    const next = step({ token: at.row, lane, index: at.index }, event.key, lanes, rows);
    if (!next) return;
    event.preventDefault();
    point(next.token, next.lane, next.index);
  };
  const focused = Math.max(rows.first, Math.min(rows.first + rows.count - 1, selectors.query.value));

  return (
    <div
      class={`flow-strips role-${role}`}
      data-part={strips.column}
      style={{ left: `${span.x}px`, top: `${rows.top}px`, width: `${span.width}px`, height: `${rows.height}px` }}
      role="group"
      tabIndex={0}
      aria-roledescription={t("flow.strips_role")}
      aria-label={t(`flow.tensor.${strips.column}`)}
      aria-describedby="flow-value"
      onKeyDown={onKeyDown}
      onFocus={(event) => event.currentTarget.matches(":focus-visible") && point(focused, 0, 0)}
      onBlur={leave}
    >
      <canvas
        ref={canvas}
        onPointerMove={onPointerMove}
        onPointerDown={onPointerMove}
        onPointerLeave={leave}
        onClick={explain}
      />
      <span class="flow-range" aria-hidden="true">
        ±{formatValue(limit, state.language.value, 2)}
      </span>
    </div>
  );
}

/** @param {import("../../layout/flow/rows.js").RowLayout} rows @param {number} n_lanes */
function placesOf(rows, n_lanes) {
  return tokensInSight(rows).map((token) => ({
    token,
    ...lanePlaces(rowMiddle(rows, token), stripHeight(rows), n_lanes),
  }));
}

/**
 * @param {{token: number, lane: number, index: number}} at @param {string} key name of the keyboard key
 * @param {import("../../layout/flow/strips.js").Lane[]} lanes @param {import("../../layout/flow/rows.js").RowLayout} rows
 */
function step({ token, lane, index }, key, lanes, rows) {
  const { shape } = lanes[lane].tensor;
  const length = shape[shape.length - 1];
  const line = (token - rows.first) * lanes.length + lane;
  /** @type {Record<string, [number, number]>} */
  const moves = {
    ArrowLeft: [line, index - 1],
    ArrowRight: [line, index + 1],
    ArrowUp: [line - 1, index],
    ArrowDown: [line + 1, index],
    Home: [line, 0],
    End: [line, length - 1],
  };
  const move = moves[key];
  if (!move || move[0] < 0 || move[0] >= rows.count * lanes.length || move[1] < 0 || move[1] >= length) return null;
  return { token: rows.first + Math.floor(move[0] / lanes.length), lane: move[0] % lanes.length, index: move[1] };
}

/** New values come up out of the paper, unless the reader wants no motion. @param {HTMLCanvasElement | null} canvas */
function fadeIn(canvas) {
  if (!canvas || matchMedia("(prefers-reduced-motion: reduce)").matches) return undefined;
  const animation = canvas.animate([{ opacity: 0.25 }, { opacity: 1 }], { duration: 240, easing: "ease-out" });
  return () => animation.cancel();
}
