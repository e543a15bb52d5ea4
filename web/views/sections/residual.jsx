import { useMemo } from "preact/hooks";
import { formatShare } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { scaleLimit } from "../../layout/strip.js";
import { useTensorWords } from "../figures/use_tensor_words.js";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";

/**
 * The residual connection: what is found is added to the stream, on one scale.
 * @param {import("./section_props.js").SectionProps & {names: [string, string, string], role: string}} props
 */
export function Residual({ section, names, role }) {
  const tensorWords = useTensorWords();
  const { data, layer, position } = section;
  const vectors = [data.before_stream.data, data.added.data, data.after_stream.data];
  const limit = useMemo(() => scaleLimit(data.after_stream.data), [data]);
  const rows = names.map((name, index) => ({
    label: tensorWords(name),
    words: tensorWords(name),
    values: vectors[index],
    limit,
    role: index === 1 ? role : "residual",
    sign: ["", "+", "="][index],
    cellOf: (/** @type {number} */ column) => ({ name, layer, head: null, row: position, column }),
  }));
  return (
    <Vectors
      title={t("section_residual")}
      rows={rows}
      axis={t("section_axis.n_embd")}
      note={
        <>
          {t("section_residual_note")} <Dropout />
        </>
      }
    />
  );
}

/** Whether this model was trained with dropout before the sum, from its config; nothing where that is not known. */
function Dropout() {
  const { state } = usePage();
  const dropout = state.model_shape.value?.dropout;
  if (dropout == null) return null;
  const words = dropout > 0 ? "section_dropout.with" : "section_dropout.without";
  return <Prose words={words} values={{ share: formatShare(dropout, state.language.value) }} />;
}
