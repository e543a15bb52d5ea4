import { t } from "../../i18n/translate.js";
import { curvePath, px } from "../../layout/river/ribbons.js";
import { rowOf } from "../../layout/river/rows.js";
import { mix, placesIn } from "../../layout/river/spans.js";
import { usePage } from "../page_context.js";

const LARGEST_RING = 11;

/**
 * On the river: where something is cut, switched off or put in, and rings as large as a sweep's differences.
 * @param {import("./sheet_props.js").SheetProps} props
 */
export function ChangeMarks({ base, rows, spans, drawn }) {
  const { state } = usePage();
  const changes = base.run.changes ?? [];
  const sweep = state.sweep.value;
  const at = (/** @type {number} */ position) => rows[rowOf(rows, position)]?.y ?? 0;
  return (
    <g class="change-marks">
      {changes.map((change, index) => {
        const span = spans[change.layer];
        if (!span) return null;
        const { from, attention, mlp } = placesIn(span);
        if (change.kind === "row")
          return <Sign key={index} sign="⤓" x={span.x + 2} y={at(change.position)} words={t("change.sign_row")} />;
        if (change.kind === "mlp")
          return <Sign key={index} sign="×" x={mlp} y={rows[drawn].y + 16} words={t("change.sign_off")} />;
        if (change.kind === "head")
          return <Sign key={index} sign="×" x={attention} y={rows[drawn].y} words={t("change.sign_off")} />;
        if (rowOf(rows, change.query) !== drawn) return null;
        const [y_from, y_to] = [at(change.key), at(change.query)];
        const x = mix(from, attention, 0.5);
        return (
          <g key={index}>
            <path class="cut-ribbon" d={curvePath({ x: from, y: y_from }, { x: attention, y: y_to })} fill="none" />
            <Sign sign="×" x={x} y={mix(y_from, y_to, 0.5)} words={t("change.sign_cut")} />
          </g>
        );
      })}
      {sweep &&
        sweep.run.run_id === base.run.run_id &&
        ringsOf(sweep).map(({ layer, position, size }) => {
          const { from, attention } = placesIn(spans[layer]);
          const x = { ribbons: from + 8, heads: attention, rows: spans[layer].x + 4 }[sweep.kind];
          const y = position === null ? rows[drawn].y : at(position);
          return <circle key={`${layer} ${position}`} class="sweep-ring" cx={px(x)} cy={px(y)} r={px(size)} />;
        })}
    </g>
  );
}

/** @param {{sign: string, x: number, y: number, words: string}} props */
function Sign({ sign, x, y, words }) {
  return (
    <text class="change-sign" x={px(x)} y={px(y + 6)} text-anchor="middle">
      <title>{words}</title>
      {sign}
    </text>
  );
}

/**
 * Of ribbons and rows one ring a token, of heads that of the block's strongest.
 * @param {import("../../state/changes_state.js").Sweep} sweep
 */
function ringsOf({ kind, n_columns, probabilities, before, pairs }) {
  /** @type {{layer: number, position: number | null, size: number}[]} */
  const rings = [];
  const n_layer = probabilities.length / n_columns;
  for (let layer = 0; layer < n_layer; layer++) {
    const sizes = Array.from(probabilities.subarray(layer * n_columns, (layer + 1) * n_columns), (probability) =>
      Number.isNaN(probability) ? 0 : LARGEST_RING * Math.sqrt(Math.abs(probability - before)),
    );
    const places =
      kind === "heads"
        ? [{ position: null, size: Math.max(...sizes) }]
        : sizes.map((size, column) => ({ position: kind === "rows" ? pairs[column][0] : column, size }));
    rings.push(...places.filter(({ size }) => size >= 1.5).map((place) => ({ layer, ...place })));
  }
  return rings;
}
