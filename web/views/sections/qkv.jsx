import { t } from "../../i18n/translate.js";
import { Formula } from "../figures/formula.jsx";
import { Matrix } from "../figures/matrix.jsx";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";

const PARTS = /** @type {const} */ (["query", "key", "value"]);

/** From the normed stream to query, key and value of one head. @param {import("./section_props.js").SectionProps} props */
export function QkvSection({ section }) {
  const { state } = usePage();
  const { data, layer, head, position } = section;
  const d_head = data.query.bias.data.length;
  const n_head = state.model_shape.value?.n_head ?? 1;
  const input = {
    label: t("arithmetic_tensor.norm_1"),
    words: t("arithmetic_tensor.norm_1"),
    values: data.input.data,
    cellOf: (/** @type {number} */ column) => ({ name: "norm_1", layer, head: null, row: position, column }),
  };
  const outputs = PARTS.flatMap((name) => [
    {
      label: t("section_qkv_bias", { name: t(`section_qkv.${name}`) }),
      words: t("section_qkv_bias", { name: t(`section_qkv.${name}`) }),
      values: data[name].bias.data,
      role: name,
    },
    {
      label: t(`arithmetic_tensor.${name}`),
      words: t(`arithmetic_tensor.${name}`),
      values: data[name].output.data,
      role: name,
      cellOf: (/** @type {number} */ column) => ({ name, layer, head, row: position, column }),
    },
  ]);
  return (
    <>
      <Formula parts={["q = x W_Q + b_Q", "k = x W_K + b_K", "v = x W_V + b_V"]} />
      <Vectors title={t("section_qkv_input")} rows={[input]} axis={t("section_axis.n_embd")} />
      <Slices n_head={n_head} head={head} d_head={d_head} />
      <div class="section-columns">
        {PARTS.map((name) => (
          <Matrix
            key={name}
            title={t("section_qkv_weight", {
              name: t(`section_qkv.${name}`),
              from: head * d_head + 1,
              to: (head + 1) * d_head,
            })}
            tensor={data[name].weight}
            row_axis={t("section_axis.n_embd")}
            column_axis={t("section_axis.d_head")}
            role={name}
          />
        ))}
      </div>
      <Vectors title={t("section_qkv_output")} rows={outputs} axis={t("section_axis.d_head")} />
    </>
  );
}

/** The fused weight's columns: queries, keys and values of all heads; those of this head stand out. @param {{n_head: number, head: number, d_head: number}} props */
function Slices({ n_head, head, d_head }) {
  return (
    <div class="slices" role="img" aria-label={t("section_qkv_slices", { count: 3 * n_head * d_head, width: d_head })}>
      {PARTS.map((name) => (
        <div key={name} class={`slice-group role-${name}`}>
          <span class="slice-name">{t(`section_qkv.${name}`)}</span>
          <div class="slice-row">
            {Array.from({ length: n_head }, (_, index) => (
              <span key={index} class={index === head ? "slice slice-chosen" : "slice"} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
