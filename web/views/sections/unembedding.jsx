import { useMemo } from "preact/hooks";
import { formatValue } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { kindOf } from "../../state/kinds.js";
import { Bars } from "../figures/bars.jsx";
import { Formula } from "../figures/formula.jsx";
import { useTensorWords } from "../figures/use_tensor_words.js";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";
import { TokenLabel } from "../token_label.jsx";

/** Final norm, then a dot product with the embedding of every token; no bias. @param {import("./section_props.js").SectionProps} props */
export function UnembeddingSection({ section }) {
  const { state, actions } = usePage();
  const { data, position, labels } = section;
  const language = state.language.value;
  const tensorWords = useTensorWords();
  const shape = state.model_shape.value;
  const last = (shape?.n_layer ?? 1) - 1;
  const n_embd = data.normed.data.length;
  const cellOf =
    (/** @type {string} */ name, /** @type {number | null} */ layer) => (/** @type {number} */ column) => ({
      name,
      layer,
      head: null,
      row: position,
      column,
    });
  const stream = [
    {
      label: tensorWords("resid_post"),
      words: tensorWords("resid_post"),
      values: data.stream.data,
      cellOf: cellOf("resid_post", last),
    },
    {
      label: tensorWords("norm_final"),
      words: tensorWords("norm_final"),
      values: data.normed.data,
      sign: "→",
      cellOf: cellOf("norm_final", null),
    },
  ];
  const embeddings = useMemo(
    () =>
      labels.map((label, rank) => ({
        label: <TokenLabel label={label} />,
        words: label,
        values: data.embeddings.data.subarray(rank * n_embd, (rank + 1) * n_embd),
      })),
    [data, labels],
  );
  return (
    <>
      <Formula parts={["\\ell_t = x \\cdot e_t = \\sum_i x_i\\, e_{t,i}"]} />
      <Vectors
        title={t("section_unembedding_stream", kindOf(shape, "norm_final"))}
        rows={stream}
        axis={t("section_axis.n_embd")}
      />
      <Vectors
        title={t("section_unembedding_embeddings")}
        rows={embeddings}
        axis={t("section_axis.n_embd")}
        note={t(shape?.is_tied === false ? "section_unembedding_untied" : "section_unembedding_note")}
      />
      <Bars
        title={t("section_unembedding_logits")}
        axis={t("section_unembedding_logit")}
        rows={labels.map((label, rank) => ({
          label: (
            <button
              type="button"
              class="quiet term"
              onClick={() =>
                actions.explainCell({
                  name: "logits",
                  layer: null,
                  head: null,
                  row: position,
                  column: data.token_ids[rank],
                })
              }
            >
              <TokenLabel label={label} />
            </button>
          ),
          words: label,
          value: data.logits[rank],
        }))}
        note={t("section_unembedding_best", { label: labels[0], value: formatValue(data.logits[0], language) })}
      />
    </>
  );
}
