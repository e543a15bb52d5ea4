import { useMemo } from "preact/hooks";
import { formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { curveLayout } from "../../layout/curve.js";
import { Figure } from "../figures/figure_frame.jsx";
import { Formula } from "../figures/formula.jsx";
import { usePage } from "../page_context.js";

const SIZE = { width: 380, height: 230 };

/**
 * GELU, and where the pointed neuron stands on it.
 * @param {{curve: {inputs: Float32Array, outputs: Float32Array}, neuron: {index: number, before: number, after: number}}} props
 */
export function GeluCurve({ curve, neuron }) {
  const language = usePage().state.language.value;
  const { path, x, y, width, height } = useMemo(() => curveLayout(curve.inputs, curve.outputs, SIZE), [curve]);
  const words = t("section_mlp_point", {
    index: ordinal(neuron.index),
    before: formatValue(neuron.before, language),
    after: formatValue(neuron.after, language),
  });
  const [first, last] = [curve.inputs[0], curve.inputs[curve.inputs.length - 1]];
  const data = useMemo(
    () => ({
      title: t("section_mlp_gelu"),
      row_axis: "h",
      column_axis: "h",
      is_upright: true,
      column_labels: Array.from(curve.inputs, (input) => formatValue(input, language)),
      rows: [{ label: "GELU(h)", values: curve.outputs, limit: last }],
    }),
    [curve, language, t("section_mlp_gelu")],
  );
  return (
    <Figure
      data={data}
      role="mlp"
      readout={words}
      note={
        <Formula
          parts={[
            "\\tfrac{1}{2} h \\left(1 + \\tanh\\!\\left(\\sqrt{\\tfrac{2}{\\pi}}\\,(h + 0.044715\\, h^3)\\right)\\right)",
          ]}
        />
      }
    >
      {(ids) => (
        <svg
          class="gelu"
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-labelledby={ids.title}
          aria-describedby={ids.readout}
        >
          <path
            class="gelu-axis"
            d={`M${x(first)},${y(0)}H${x(last)}M${x(0)},${y(0)}V${y(curve.outputs[curve.outputs.length - 1])}`}
          />
          <path class="gelu-curve" d={path} />
          <path class="gelu-guide" d={`M${x(neuron.before)},${y(0)}V${y(neuron.after)}H${x(0)}`} />
          <circle class="gelu-point" cx={x(neuron.before)} cy={y(neuron.after)} r={5.5} />
          <text class="gelu-label" x={x(first)} y={height - 8}>
            {formatValue(first, language, 2)}
          </text>
          <text class="gelu-label" x={x(last)} y={height - 8} text-anchor="end">
            {formatValue(last, language, 2)}
          </text>
          <text class="gelu-label" x={x(0) + 6} y={y(curve.outputs[curve.outputs.length - 1]) + 4}>
            {formatValue(curve.outputs[curve.outputs.length - 1], language, 2)}
          </text>
        </svg>
      )}
    </Figure>
  );
}
