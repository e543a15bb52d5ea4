import { useMemo } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { scaleLimit } from "../../layout/strip.js";
import { Vectors } from "../figures/vectors.jsx";

/**
 * The residual connection: what is found is added to the stream, on one scale.
 * @param {import("./section_props.js").SectionProps & {names: [string, string, string], role: string}} props
 */
export function Residual({ section, names, role }) {
  const { data, layer, position } = section;
  const vectors = [data.before_stream.data, data.added.data, data.after_stream.data];
  const limit = useMemo(() => scaleLimit(data.after_stream.data), [data]);
  const rows = names.map((name, index) => ({
    label: t(`arithmetic_tensor.${name}`),
    words: t(`arithmetic_tensor.${name}`),
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
      note={t("section_residual_note")}
    />
  );
}
