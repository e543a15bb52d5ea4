import { useState } from "preact/hooks";
import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { kindOf } from "../../state/kinds.js";
import { Bars } from "../figures/bars.jsx";
import { useTensorWords } from "../figures/use_tensor_words.js";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";
import { BendCurve } from "./bend_curve.jsx";
import { Residual } from "./residual.jsx";

/** Norm, wider, a bend (of a gate that multiplies, in some models), back, added. @param {import("./section_props.js").SectionProps} props */
export function MlpSection({ section }) {
  const { state, actions } = usePage();
  const tensorWords = useTensorWords();
  const { data, layer, position } = section;
  const kind = kindOf(state.model_shape.value, "mlp");
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
    label: tensorWords(name),
    words: tensorWords(name),
    values,
    role,
    sign,
    cellOf: cellOf(name),
  });
  const hidden = data.up
    ? [
        row("mlp_gate", data.before.data, "mlp"),
        row("mlp_up", data.up.data, "mlp", "×"),
        row("mlp_post", data.after.data, "mlp", "="),
      ]
    : [row("mlp_pre", data.before.data, "mlp"), row("mlp_post", data.after.data, "mlp", "→")];
  return (
    <>
      <Vectors
        title={t("section_mlp_normed")}
        rows={[row("norm_2", data.normed.data, "residual")]}
        axis={t("section_axis.n_embd")}
      />
      <Vectors
        title={t("section_mlp_hidden", kind)}
        rows={hidden}
        axis={t("section_axis.neuron")}
        note={t("section_mlp_hidden_note", kind)}
        onPoint={setPointed}
      />
      <div class="section-columns">
        <BendCurve
          curve={data.curve}
          neuron={{
            index,
            before: data.before.data[index],
            after: data.after.data[index],
            up: data.up?.data[index] ?? null,
          }}
        />
        <Bars
          title={t("section_mlp_active")}
          axis={tensorWords("mlp_post")}
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
