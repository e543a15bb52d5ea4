import { useMemo } from "preact/hooks";
import { formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { curveLayout } from "../../layout/curve.js";
import { Figure } from "../figures/figure_frame.jsx";
import { Formula } from "../figures/formula.jsx";
import { usePage } from "../page_context.js";

const SIZE = { width: 380, height: 230 };
const GELU = {
  title: "section_mlp_gelu",
  letter: "h",
  function: "GELU(h)",
  formula:
    "\\tfrac{1}{2} h \\left(1 + \\tanh\\!\\left(\\sqrt{\\tfrac{2}{\\pi}}\\,(h + 0.044715\\, h^3)\\right)\\right)",
};
const SILU = { title: "section_mlp_silu", letter: "g", function: "SiLU(g)", formula: "\\frac{g}{1 + e^{-g}}" };

/**
 * The bend in the MLP, and where the pointed neuron stands on it.
 * @param {{curve: {inputs: Float32Array, outputs: Float32Array},
 *   neuron: {index: number, before: number, after: number, up: number | null}}} props
 *   `up`: what the bend of a gate multiplies, null where there is no gate
 */
export function BendCurve({ curve, neuron }) {
  const language = usePage().state.language.value;
  const { path, x, y, width, height } = useMemo(() => curveLayout(curve.inputs, curve.outputs, SIZE), [curve]);
  const bend = neuron.up === null ? GELU : SILU;
  const bent = neuron.up === null ? neuron.after : neuron.before / (1 + Math.exp(-neuron.before));
  const words = t(neuron.up === null ? "section_mlp_point" : "section_mlp_point_gate", {
    index: ordinal(neuron.index),
    before: formatValue(neuron.before, language),
    bent: formatValue(bent, language),
    up: formatValue(neuron.up ?? 1, language),
    after: formatValue(neuron.after, language),
  });
  const [first, last] = [curve.inputs[0], curve.inputs[curve.inputs.length - 1]];
  const data = useMemo(
    () => ({
      title: t(bend.title),
      row_axis: bend.letter,
      column_axis: bend.letter,
      is_upright: true,
      column_labels: Array.from(curve.inputs, (input) => formatValue(input, language)),
      rows: [{ label: bend.function, values: curve.outputs, limit: last }],
    }),
    [curve, language, bend, t(bend.title)],
  );
  return (
    <Figure data={data} role="mlp" readout={words} note={<Formula parts={[bend.formula]} />}>
      {(ids) => (
        <svg
          class="curve"
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-labelledby={ids.title}
          aria-describedby={ids.readout}
        >
          <path
            class="curve-axis"
            d={`M${x(first)},${y(0)}H${x(last)}M${x(0)},${y(0)}V${y(curve.outputs[curve.outputs.length - 1])}`}
          />
          <path class="curve-line" d={path} />
          <path class="curve-guide" d={`M${x(neuron.before)},${y(0)}V${y(bent)}H${x(0)}`} />
          <circle class="curve-point" cx={x(neuron.before)} cy={y(bent)} r={5.5} />
          <text class="curve-label" x={x(first)} y={height - 8}>
            {formatValue(first, language, 2)}
          </text>
          <text class="curve-label" x={x(last)} y={height - 8} text-anchor="end">
            {formatValue(last, language, 2)}
          </text>
          <text class="curve-label" x={x(0) + 6} y={y(curve.outputs[curve.outputs.length - 1]) + 4}>
            {formatValue(curve.outputs[curve.outputs.length - 1], language, 2)}
          </text>
        </svg>
      )}
    </Figure>
  );
}
