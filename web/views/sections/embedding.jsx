import { useMemo } from "preact/hooks";
import { formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { scaleLimit } from "../../layout/strip.js";
import { kindOf } from "../../state/kinds.js";
import { Bars } from "../figures/bars.jsx";
import { Matrix } from "../figures/matrix.jsx";
import { useTensorWords } from "../figures/use_tensor_words.js";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";
import { TokenLabel } from "../token_label.jsx";

/**
 * Token vector + position vector, where positions are vectors = what enters the first block.
 * @param {import("./section_props.js").SectionProps} props
 */
export function EmbeddingSection({ section }) {
  const { state } = usePage();
  const { data, position, run } = section;
  const tensorWords = useTensorWords();
  const label = run.tokens[position]?.label ?? "";
  const limit = useMemo(() => scaleLimit(data.sum.data), [data]);
  const part = (/** @type {string} */ name, /** @type {any} */ tensor, sign = "") =>
    tensor ? [{ label: tensorWords(name), words: tensorWords(name), values: tensor.data, limit, sign }] : [];
  const sum = t("section_embedding_sum", kindOf(state.model_shape.value, "embedding"));
  const rows = [
    ...part("token_embedding", data.token),
    ...part("position_embedding", data.position, "+"),
    {
      label: sum,
      words: sum,
      values: data.sum.data,
      limit,
      sign: "=",
      cellOf: (/** @type {number} */ column) => ({ name: "resid_pre", layer: 0, head: null, row: position, column }),
    },
  ];
  const model = state.model_name.value;
  const positions = state.position_embeddings.value?.model === model ? state.position_embeddings.value : null;
  const nearest =
    state.nearest_tokens.value?.model === model && state.nearest_tokens.value.token_id === run.token_ids[position]
      ? state.nearest_tokens.value
      : null;
  return (
    <>
      <Vectors
        title={t("section_embedding_title", { label, position: ordinal(position) })}
        rows={rows}
        axis={t("section_axis.n_embd")}
      />
      <div class="section-columns">
        {positions && (
          <Matrix
            title={t("section_embedding_positions")}
            tensor={positions.embeddings}
            row_axis={t("section_axis.position")}
            column_axis={t("section_axis.n_embd")}
            pointed={{ row: position, column: 0 }}
          />
        )}
        {positions && <Similarity positions={positions} />}
        {nearest ? (
          <Bars
            title={t("section_embedding_nearest", { label })}
            axis={t("section_embedding_cosine")}
            rows={nearest.labels.map((name, rank) => ({
              label: <TokenLabel label={name} />,
              words: name,
              value: nearest.similarities[rank],
            }))}
          />
        ) : (
          <p class="hint">{t("lens.waiting")}</p>
        )}
      </div>
    </>
  );
}

/** How alike the embeddings of any two positions are. @param {{positions: import("../../state/sections_state.js").PositionEmbeddings}} props */
function Similarity({ positions }) {
  const language = usePage().state.language.value;
  return (
    <Matrix
      title={t("section_embedding_similarity")}
      tensor={positions.similarity}
      row_axis={t("section_axis.position")}
      column_axis={t("section_axis.position")}
      limit={1}
      describe={({ row, column }, value) =>
        t("section_embedding_alike", {
          first: ordinal(row),
          second: ordinal(column),
          value: formatValue(value, language),
        })
      }
    />
  );
}
