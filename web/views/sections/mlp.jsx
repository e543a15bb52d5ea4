import { useState } from "preact/hooks";
import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { Bars } from "../figures/bars.jsx";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";
import { GeluCurve } from "./gelu_curve.jsx";
import { Residual } from "./residual.jsx";

/** Layer norm, wider, GELU, back, added. @param {import("./section_props.js").SectionProps} props */
export function MlpSection({ section }) {
  const { actions } = usePage();
  const { data, layer, position } = section;
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null));
  const neurons = /** @type {{index: number, before: number, after: number}[]} */ (data.neurons);
  const index = pointed !== null && pointed < data.before.data.length ? pointed : neurons[0].index;
  const cellOf = (/** @type {string} */ name) => (/** @type {number} */ column) => ({
    name,
    layer,
    head: null,
    row: position,
    column,
  });
  const row = (
    /** @type {string} */ name,
    /** @type {Float32Array} */ values,
    /** @type {string} */ role,
    sign = "",
  ) => ({
    label: t(`arithmetic_tensor.${name}`),
    words: t(`arithmetic_tensor.${name}`),
    values,
    role,
    sign,
    cellOf: cellOf(name),
  });
  return (
    <>
      <Vectors
        title={t("section_mlp_normed")}
        rows={[row("norm_2", data.normed.data, "residual")]}
        axis={t("section_axis.n_embd")}
      />
      <Vectors
        title={t("section_mlp_hidden")}
        rows={[row("mlp_pre", data.before.data, "mlp"), row("mlp_post", data.after.data, "mlp", "→")]}
        axis={t("section_axis.neuron")}
        note={t("section_mlp_hidden_note")}
        onPoint={setPointed}
      />
      <div class="section-columns">
        <GeluCurve
          curve={data.curve}
          neuron={{ index, before: data.before.data[index], after: data.after.data[index] }}
        />
        <Bars
          title={t("section_mlp_active")}
          axis={t("arithmetic_tensor.mlp_post")}
          role="mlp"
          rows={neurons.map((neuron) => ({
            label: (
              <button
                type="button"
                class="quiet term"
                onPointerEnter={() => setPointed(neuron.index)}
                onFocus={() => setPointed(neuron.index)}
                onClick={() => actions.explainCell(cellOf("mlp_post")(neuron.index))}
              >
                {t("section_mlp_neuron", { index: ordinal(neuron.index) })}
              </button>
            ),
            words: t("section_mlp_neuron", { index: ordinal(neuron.index) }),
            value: neuron.after,
          }))}
        />
      </div>
      <Residual section={section} names={["resid_mid", "mlp_out", "resid_post"]} role="mlp" />
    </>
  );
}
