import { formatValue } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { kindOf } from "../../state/kinds.js";
import { Formula } from "../figures/formula.jsx";
import { texNumber } from "../figures/tex_number.js";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";

const NORMS = /** @type {const} */ (["norm_1", "norm_2", "norm_final"]);

/**
 * Mean and variance taken out, gain and bias put in; a root mean square norm has neither mean nor bias.
 * @param {import("./section_props.js").SectionProps} props
 */
export function LayerNormSection({ section }) {
  const { state, actions } = usePage();
  const { data } = section;
  const language = state.language.value;
  const n = (/** @type {number} */ value) => texNumber(formatValue(value, language));
  const cellOf = (/** @type {"input" | "output"} */ vector) => (/** @type {number} */ column) => ({
    ...data.cells[vector],
    column,
  });
  const kind = kindOf(state.model_shape.value, "layer_norm");
  const vector = (/** @type {string} */ name) => ({
    label: t(`section_layer_norm_vector.${name}`, kind),
    words: t(`section_layer_norm_vector.${name}`, kind),
    values: data[name].data,
  });
  const rows = [
    { ...vector("input"), cellOf: cellOf("input") },
    { ...vector("normed"), sign: "→" },
    { ...vector("gain"), sign: "×" },
    ...(data.bias ? [{ ...vector("bias"), sign: "+" }] : []),
    { ...vector("output"), sign: "=", cellOf: cellOf("output") },
  ];
  const [letters, spread] = data.bias
    ? ["\\frac{x - \\mu}{\\sqrt{\\sigma^2 + \\varepsilon}} \\odot g + b", "\\sigma^2"]
    : ["\\frac{x}{\\sqrt{r^2 + \\varepsilon}} \\odot g", "r^2"];
  const formula = [
    `y = ${letters}`,
    ...(data.bias ? [`\\mu = ${n(data.mean)}`] : []),
    data.bias ? `\\sigma^2 = ${n(data.variance)}` : `r^2 = \\frac{1}{n} \\sum_i x_i^2 = ${n(data.variance)}`,
    `\\varepsilon = ${n(data.epsilon)}`,
    `\\sqrt{${spread} + \\varepsilon} = ${n(Math.sqrt(data.variance + data.epsilon))}`,
  ];
  return (
    <>
      <fieldset class="head-marks">
        <legend class="visually-hidden">{t("section_layer_norm_which")}</legend>
        {NORMS.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="norm"
              checked={state.norm.value === name}
              onChange={() => actions.selectNorm(name)}
            />
            {t(`section_layer_norm_names.${name}`)}
          </label>
        ))}
      </fieldset>
      <Formula parts={formula} />
      <Vectors
        title={t("section_layer_norm_steps")}
        rows={rows}
        axis={t("section_axis.n_embd")}
        note={t("section_layer_norm_note", kind)}
      />
    </>
  );
}
