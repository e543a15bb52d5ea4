import { useMemo, useState } from "preact/hooks";
import { formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { dialLayout } from "../../layout/dials.js";
import { nextPlace } from "../../layout/grid.js";
import { CursorGroup } from "../figures/cursor_group.jsx";
import { Figure } from "../figures/figure_frame.jsx";
import { usePage } from "../page_context.js";

// A short pair is pale, but can be seen.
const FAINTEST = 0.25;
const GRID = { columns: 8, size: 46 };

/**
 * A vector's pairs, each an arrow before and after it is turned.
 * @param {{title: string, role: string, before: Float32Array, after: Float32Array, angles: Float32Array,
 *   cellOf: (column: number) => import("../../state/exploring.js").ExplainedCell}} props `angles` in radians, one for each pair
 */
export function Dials({ title, role, before, after, angles, cellOf }) {
  const { state, actions } = usePage();
  const language = state.language.value;
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null));
  const half = angles.length;
  const layout = useMemo(() => dialLayout(before, after, GRID), [before, after]);
  const part = (/** @type {Float32Array} */ vector, /** @type {boolean} */ is_second) =>
    is_second ? vector.subarray(half) : vector.subarray(0, half);
  const data = useMemo(() => {
    const row = (/** @type {string} */ name, /** @type {Float32Array} */ values) => ({
      label: t(`section_rotation_row.${name}`),
      values,
      limit: Math.max(...values.map(Math.abs)),
    });
    return {
      title,
      row_axis: t("section_vector"),
      column_axis: t("section_axis.pair"),
      column_labels: null,
      is_upright: true,
      rows: [
        row("first_before", part(before, false)),
        row("second_before", part(before, true)),
        row("angle", angles),
        row("first_after", part(after, false)),
        row("second_after", part(after, true)),
      ],
    };
  }, [title, before, after, angles]);
  const n = (/** @type {number} */ value) => formatValue(value, language, 3);
  const words =
    pointed === null
      ? ""
      : t("section_rotation_pair", {
          pair: ordinal(pointed),
          before: `${n(before[pointed])}, ${n(before[pointed + half])}`,
          after: `${n(after[pointed])}, ${n(after[pointed + half])}`,
          angle: n(angles[pointed]),
          turns: n(angles[pointed] / (2 * Math.PI)),
        });
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const at = pointed ?? 0;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      actions.explainCell(cellOf(at));
      return;
    }
    const from = { row: Math.floor(at / GRID.columns), column: at % GRID.columns };
    const next = nextPlace(from, event.key, {
      n_rows: Math.ceil(half / GRID.columns),
      n_columns: Math.min(half, GRID.columns),
    });
    if (!next) return;
    event.preventDefault();
    setPointed(Math.min(half - 1, next.row * GRID.columns + next.column));
  };
  return (
    <Figure data={data} role={role} readout={words} hint={t("section_rotation_hint")}>
      {(ids) => (
        <CursorGroup
          class="dials"
          role="section_rotation_dials"
          ids={ids}
          onKeyDown={onKeyDown}
          onEnter={() => setPointed(pointed ?? 0)}
          onLeave={() => setPointed(null)}
        >
          <svg
            viewBox={`0 0 ${layout.width} ${layout.height}`}
            style={{ width: `${layout.width}px` }}
            aria-hidden="true"
          >
            {layout.dials.map(({ cx, cy, before: from, after: to, share }, pair) => (
              // biome-ignore lint/a11y/noStaticElementInteractions: the group around it has the keys
              <g
                key={pair}
                class={pair === pointed ? "dial dial-pointed" : "dial"}
                onPointerEnter={() => setPointed(pair)}
                onPointerLeave={(event) => event.pointerType !== "touch" && setPointed(null)}
                onClick={() => actions.explainCell(cellOf(pair))}
              >
                <circle cx={cx} cy={cy} r={layout.radius} />
                <g opacity={FAINTEST + (1 - FAINTEST) * share}>
                  <line class="dial-before" x1={cx} y1={cy} x2={from[0]} y2={from[1]} />
                  <line class="dial-after" x1={cx} y1={cy} x2={to[0]} y2={to[1]} />
                </g>
              </g>
            ))}
          </svg>
        </CursorGroup>
      )}
    </Figure>
  );
}
