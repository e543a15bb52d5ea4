import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { servedHeads } from "../../state/kinds.js";
import { Formula } from "../figures/formula.jsx";
import { Matrix } from "../figures/matrix.jsx";
import { useTensorWords } from "../figures/use_tensor_words.js";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";

const PARTS = /** @type {const} */ (["query", "key", "value"]);

/** From the normed stream to query, key and value of one head. @param {import("./section_props.js").SectionProps} props */
export function QkvSection({ section }) {
  const tensorWords = useTensorWords();
  const { data, layer, position } = section;
  const d_head = data.query.output.data.length;
  const input = {
    label: tensorWords("norm_1"),
    words: tensorWords("norm_1"),
    values: data.input.data,
    cellOf: (/** @type {number} */ column) => ({ name: "norm_1", layer, head: null, row: position, column }),
  };
  const outputs = PARTS.flatMap((name) => {
    const { bias, projected, output, cells } = data[name];
    const bias_words = t("section_qkv_bias", { name: t(`section_qkv.${name}`) });
    /** @param {any} cell @param {Float32Array} values @param {string} [sign] */
    const row = (cell, values, sign) => ({
      label: tensorWords(cell.name),
      words: tensorWords(cell.name),
      values,
      role: name,
      sign,
      cellOf: (/** @type {number} */ column) => ({ ...cell, column }),
    });
    return [
      ...(bias ? [{ label: bias_words, words: bias_words, values: bias.data, role: name }] : []),
      ...(projected ? [row(cells.projected, projected.data)] : []),
      row(cells.output, output.data, projected ? "↻" : undefined),
    ];
  });
  const formula = (/** @type {"query" | "key" | "value"} */ name) => {
    const letter = name.toUpperCase()[0];
    return `${name[0]} = x W_${letter}${data[name].bias ? ` + b_${letter}` : ""}`;
  };
  return (
    <>
      <Formula parts={PARTS.map(formula)} />
      <Vectors title={t("section_qkv_input")} rows={[input]} axis={t("section_axis.n_embd")} />
      <Slices data={data} d_head={d_head} />
      <div class="section-columns">
        {PARTS.map((name) => (
          <Matrix
            key={name}
            title={t("section_qkv_weight", {
              name: t(`section_qkv.${name}`),
              from: data[name].head * d_head + 1,
              to: (data[name].head + 1) * d_head,
            })}
            tensor={data[name].weight}
            row_axis={t("section_axis.n_embd")}
            column_axis={t("section_axis.d_head")}
            role={name}
          />
        ))}
      </div>
      <Vectors
        title={t(data.query.bias ? "section_qkv_output" : "section_qkv_results")}
        rows={outputs}
        axis={t("section_axis.d_head")}
        note={data.query.projected && t("section_qkv_turned")}
      />
    </>
  );
}

/**
 * The columns of the weights: queries, keys and values of all heads; those that this head uses stand out. Where heads
 * share keys and values, theirs are as wide as the queries they serve.
 * @param {{data: any, d_head: number}} props
 */
function Slices({ data, d_head }) {
  const shape = usePage().state.model_shape.value;
  if (!shape) return null;
  const { n_head, n_kv_head } = shape;
  const is_grouped = n_kv_head < n_head;
  const [first, last] = servedHeads(shape, data.key.head);
  const key = is_grouped ? "section_qkv_groups" : "section_qkv_slices";
  const values = {
    queries: n_head,
    keys: n_kv_head,
    kv_head: ordinal(data.key.head),
    first: ordinal(first),
    last: ordinal(last),
    count: 3 * n_head * d_head,
    width: d_head,
  };
  return (
    <>
      <div class="slices" role="img" aria-label={t(key, values)}>
        {PARTS.map((name) => (
          <div key={name} class={`slice-group role-${name}`}>
            <span class="slice-name">{t(`section_qkv.${name}`)}</span>
            <div class="slice-row">
              {Array.from({ length: name === "query" ? n_head : n_kv_head }, (_, index) => (
                <span
                  key={index}
                  class={
                    index === data[name].head
                      ? "slice slice-chosen"
                      : name === "query" && is_grouped && index >= first && index <= last
                        ? "slice slice-served"
                        : "slice"
                  }
                />
              ))}
            </div>
          </div>
        ))}
      </div>
      {is_grouped && (
        <p class="section-remark">
          <Prose words={key} values={values} />
        </p>
      )}
    </>
  );
}
