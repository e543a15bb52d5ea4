import { useMemo, useState } from "preact/hooks";
import { formatValue } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { curveLayout } from "../../layout/curve.js";
import { CursorGroup } from "../figures/cursor_group.jsx";
import { Figure } from "../figures/figure_frame.jsx";
import { usePage } from "../page_context.js";

const SIZE = { width: 420, height: 230 };

/**
 * The score of one query and one key, were the key nearer or further back.
 * @param {{scores: Float32Array, own: number, label: string, note: import("preact").ComponentChildren}} props
 *   `scores` by distance; `own`: the distance that it has in the text
 */
export function DistanceCurve({ scores, own, label, note }) {
  const language = usePage().state.language.value;
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null));
  const distances = useMemo(() => Float32Array.from(scores.keys()), [scores]);
  const { path, x, y, width, height } = useMemo(() => curveLayout(distances, scores, SIZE), [distances, scores]);
  const [low, high] = useMemo(() => [Math.min(0, ...scores), Math.max(0, ...scores)], [scores]);
  const title = t("section_rotation_distance", { label });
  const data = useMemo(
    () => ({
      title,
      row_axis: t("arithmetic_tensor.attention_scores"),
      column_axis: t("section_axis.distance"),
      is_upright: true,
      column_labels: Array.from(distances, String),
      rows: [{ label: t("arithmetic_tensor.attention_scores"), values: scores, limit: Math.max(high, -low) }],
    }),
    [title, scores, distances],
  );
  const n = (/** @type {number} */ value) => formatValue(value, language);
  const is_real = (pointed ?? own) === own;
  const at = Math.min(pointed ?? own, scores.length - 1);
  // Beyond the figure its own distance may lie.
  const words =
    pointed === null && own >= scores.length
      ? ""
      : t(is_real ? "section_rotation_own" : "section_rotation_elsewhere", { distance: at, score: n(scores[at]) });
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setPointed(Math.max(0, Math.min(scores.length - 1, at + step)));
  };
  /** @param {PointerEvent} event */
  const onPointerMove = (event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const along = ((event.clientX - box.left) / box.width) * width;
    const unit = x(1) - x(0);
    setPointed(Math.max(0, Math.min(scores.length - 1, Math.round((along - x(0)) / unit))));
  };
  return (
    <Figure
      data={data}
      role="attention"
      readout={words}
      hint={t("section_rotation_far", { distance: own })}
      note={note}
    >
      {(ids) => (
        <CursorGroup
          class="distances"
          role="section_rotation_curve"
          ids={ids}
          onKeyDown={onKeyDown}
          onEnter={() => setPointed(at)}
          onLeave={() => setPointed(null)}
        >
          <svg
            class="curve curve-wide"
            viewBox={`0 0 ${width} ${height}`}
            aria-hidden="true"
            onPointerMove={onPointerMove}
            onPointerLeave={(event) => event.pointerType !== "touch" && setPointed(null)}
          >
            <path class="curve-axis" d={`M${x(0)},${y(0)}H${x(scores.length - 1)}M${x(0)},${y(low)}V${y(high)}`} />
            <path class="curve-line" d={path} />
            {own < scores.length && <circle class="curve-point" cx={x(own)} cy={y(scores[own])} r={5.5} />}
            {pointed !== null && <path class="curve-guide" d={`M${x(at)},${y(0)}V${y(scores[at])}H${x(0)}`} />}
            <text class="curve-label" x={x(0)} y={height - 8}>
              {0}
            </text>
            <text class="curve-label" x={x(scores.length - 1)} y={height - 8} text-anchor="end">
              {`${t("section_axis.distance")} ${scores.length - 1}`}
            </text>
            <text class="curve-label" x={x(0) + 6} y={y(high) + 4}>
              {formatValue(high, language, 2)}
            </text>
            {low < 0 && (
              <text class="curve-label" x={x(0) + 6} y={y(low) + 4}>
                {formatValue(low, language, 2)}
              </text>
            )}
          </svg>
        </CursorGroup>
      )}
    </Figure>
  );
}
