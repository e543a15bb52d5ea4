import { useEffect, useMemo, useState } from "preact/hooks";
import { formatShare, formatValue } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { attentionCell } from "../figures/attention_cell.js";
import { Matrix } from "../figures/matrix.jsx";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";
import { AttentionFormula } from "./attention_formula.jsx";

const STEPS = /** @type {const} */ (["products", "scaled", "scores", "pattern"]);

/**
 * Products, scaled, masked, softmax: each a heat map with its own scale. One cell is pointed at in all of them, and in the
 * flow; the formula has its numbers.
 * @param {import("./section_props.js").SectionProps} props
 */
export function AttentionSteps({ section }) {
  const { state, actions } = usePage();
  const [pointed, setPointed] = useState(/** @type {import("../../layout/grid.js").Place | null} */ (null));
  const { data, layer, head, position, run } = section;
  const language = state.language.value;
  const labels = useMemo(() => run.tokens.map(({ label }) => label), [run.tokens]);
  const d_head = data.output.data.length;
  const n_tokens = data.pattern.shape[0];
  const place = pointed && pointed.row < n_tokens && pointed.column < n_tokens ? pointed : null;
  /** @param {import("../../layout/grid.js").Place | null} next */
  const onPoint = (next) => {
    setPointed(next);
    actions.pointAtToken(next && next.row);
  };
  // A section that closes under the pointer leaves nothing lit.
  useEffect(() => () => actions.pointAtToken(null), []);
  const explain =
    (/** @type {string} */ name) =>
    (/** @type {import("../../layout/grid.js").Place} */ { row, column }) =>
      actions.explainCell({ name, layer, head, row, column });
  return (
    <>
      <AttentionFormula
        data={data}
        place={place ?? { row: Math.min(position, n_tokens - 1), column: 0 }}
        n_tokens={n_tokens}
      />
      <div class="section-columns section-steps">
        {STEPS.map((step) => (
          <Matrix
            key={step}
            title={t(`section_attention_step.${step}`)}
            note={
              <Prose
                words={`section_attention_note.${step}`}
                values={{ d_head, root: formatValue(Math.sqrt(d_head), language) }}
              />
            }
            tensor={data[step]}
            row_labels={labels}
            column_labels={labels}
            row_axis={t("section_axis.query")}
            column_axis={t("section_axis.key")}
            is_sequential={step === "pattern"}
            role="attention"
            pointed={place}
            onPoint={onPoint}
            onExplain={explain(step === "pattern" ? "attention_pattern" : "attention_scores")}
            describe={attentionCell(labels, (value) =>
              step === "pattern" ? formatShare(value, language) : formatValue(value, language),
            )}
          />
        ))}
      </div>
    </>
  );
}
