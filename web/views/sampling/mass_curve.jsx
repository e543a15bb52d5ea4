import { useMemo, useRef, useState } from "preact/hooks";
import { formatNumber, formatShare } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { curveFrame, cutLines, massPath, pointAt } from "../../layout/sampling.js";
import { Figure } from "../figures/figure_frame.jsx";
import { usePage } from "../page_context.js";
import { useSize } from "../use_size.js";
import { settingWords } from "./words.js";

const HEIGHT_PX = 250;
const LABEL_PX = 17;
const LINES = /** @type {const} */ (["own", "softmax", "min_p"]);

/** How much the likeliest tokens hold together, of the whole vocabulary, and where the cuts end. @param {{figures: Pick<import("../../state/sampling_state.js").SamplingFigures, "steps" | "options">}} props */
export function MassCurve({ figures: { steps, options } }) {
  const language = usePage().state.language.value;
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { width } = useSize(room);
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null));
  const { counts, masses } = steps.curve;
  const title = t("sampling.curve", { count: formatNumber(steps.vocab_size, language) });
  const data = useMemo(
    () => ({
      title,
      row_axis: t("sampling.line_axis"),
      column_axis: t("sampling.count_axis"),
      is_upright: true,
      column_labels: Array.from(counts, (count) => formatNumber(count, language)),
      rows: LINES.map((name) => ({ label: t(`sampling.line.${name}`), values: masses[name], limit: 1 })),
    }),
    [steps, language, title],
  );
  const frame = width > 0 ? curveFrame(steps.vocab_size, { width, height: HEIGHT_PX }) : null;
  const at = pointed === null || !frame ? null : pointAt(frame, counts, pointed);
  const readout =
    at === null
      ? ""
      : t("sampling.curve_point", {
          count: counts[at],
          own: formatShare(masses.own[at], language),
          scaled: formatShare(masses.softmax[at], language),
          drawn: formatShare(masses.min_p[at], language),
        });
  return (
    <Figure data={data} readout={readout} hint={t("sampling.curve_hint")} role="attention" is_sequential>
      {(ids) => (
        <div
          class="mass-room"
          ref={room}
          onPointerMove={(event) => setPointed(event.clientX - event.currentTarget.getBoundingClientRect().left)}
          onPointerLeave={() => setPointed(null)}
        >
          {frame && (
            <svg width={width} height={HEIGHT_PX} role="img" aria-labelledby={ids.title}>
              <Axes frame={frame} />
              <Cuts frame={frame} lines={cutLines(steps.stages, options)} />
              {LINES.map((name) => (
                <path key={name} class={`mass-line mass-${name}`} d={massPath(frame, counts, masses[name])} />
              ))}
              {at !== null && (
                <g class="mass-pointed">
                  <line x1={frame.x(counts[at])} x2={frame.x(counts[at])} y1={frame.top} y2={frame.bottom} />
                  {LINES.map((name) => (
                    <circle key={name} cx={frame.x(counts[at])} cy={frame.y(masses[name][at])} r={3.5} />
                  ))}
                </g>
              )}
            </svg>
          )}
        </div>
      )}
    </Figure>
  );
}

/** @param {{frame: import("../../layout/sampling.js").CurveFrame}} props */
function Axes({ frame }) {
  const language = usePage().state.language.value;
  return (
    <>
      {frame.levels.map(({ y, mass }) => (
        <g key={mass}>
          <line class="mass-grid" x1={frame.left} x2={frame.right} y1={y} y2={y} />
          <text x={frame.left - 6} y={y + 4} text-anchor="end">
            {`${formatNumber(100 * mass, language)}\u00a0%`}
          </text>
        </g>
      ))}
      {frame.ticks.map(({ x, count }, index) => (
        <text
          key={count}
          x={x}
          y={frame.bottom + 20}
          text-anchor={index === 0 ? "start" : index === frame.ticks.length - 1 ? "end" : "middle"}
        >
          {formatNumber(count, language)}
        </text>
      ))}
    </>
  );
}

/**
 * Where each cut ends; what lies beyond the last of them is hatched.
 * @param {{frame: import("../../layout/sampling.js").CurveFrame, lines: ReturnType<typeof cutLines>}} props
 */
function Cuts({ frame, lines }) {
  const language = usePage().state.language.value;
  const last = lines[lines.length - 1];
  return (
    <>
      <defs>
        <pattern id="mass-dropped" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(25)">
          <line class="mass-hatch" x1="0" x2="0" y1="0" y2="6" />
        </pattern>
      </defs>
      {last && (
        <rect
          fill="url(#mass-dropped)"
          x={frame.x(last.count)}
          y={frame.top}
          width={Math.max(0, frame.right - frame.x(last.count))}
          height={frame.bottom - frame.top}
        />
      )}
      {lines.map(({ name, setting, count, level }, index) => {
        const x = frame.x(count);
        const is_left = x > (frame.left + frame.right) / 2;
        return (
          <g key={name} class="mass-cut">
            {level !== null && <line x1={frame.left} x2={x} y1={frame.y(level)} y2={frame.y(level)} />}
            <line x1={x} x2={x} y1={frame.top} y2={frame.bottom} />
            <text
              x={x + (is_left ? -6 : 6)}
              y={frame.bottom - 8 - (lines.length - 1 - index) * LABEL_PX}
              text-anchor={is_left ? "end" : "start"}
            >
              {t("sampling.cut_line", { name: settingWords(name, setting, language), count })}
            </text>
          </g>
        );
      })}
    </>
  );
}
