import { useMemo } from "preact/hooks";
import { formatShare, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { largestDifference } from "../../layout/differences.js";
import { attentionCell } from "../figures/attention_cell.js";
import { Matrix } from "../figures/matrix.jsx";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";
import { YoursOr } from "./yours_or.jsx";

const AXES = ["query", "key"];

/** One head's pattern and what it hands on: by the page's source, and by the reader's. @param {{figures: import("../../state/workbench_state.js").BenchFigures}} props */
export function AttendedFigures({ figures: { place, original, yours } }) {
  const { state, selectors } = usePage();
  const language = state.language.value;
  const tokens = place.run.tokens;
  const labels = useMemo(() => tokens.map(({ label }) => label), [tokens]);
  if (place.kind !== "attention") return null;
  const position = Math.min(selectors.query.value, tokens.length - 1);
  /** @param {import("../../state/workbench_state.js").AttendedFigure} figure @param {string} title */
  const drawn = ({ pattern, output }, title) => (
    <>
      <Matrix
        title={title}
        tensor={{ ...pattern, axes: AXES }}
        row_labels={labels}
        column_labels={labels}
        row_axis={t("section_axis.query")}
        column_axis={t("section_axis.key")}
        is_sequential
        role="attention"
        describe={attentionCell(labels, (value) => formatShare(value, language))}
      />
      <Vectors
        title={t("workbench.output", { label: labels[position] })}
        rows={[
          {
            label: title,
            words: title,
            role: "value",
            values: output.data.subarray(position * output.shape[1], (position + 1) * output.shape[1]),
          },
        ]}
        axis={t("section_axis.d_head")}
      />
    </>
  );
  const names = { block: ordinal(place.layer), head: ordinal(place.head) };
  const has_changes = (place.run.changes ?? []).length > 0;
  return (
    <>
      <section class="workbench-figure">
        <h4>{t("workbench.original")}</h4>
        {drawn(original, t("heads.head_name", names))}
        <p class="hint">
          {t(has_changes ? "workbench.agrees_but" : "workbench.agrees", {
            difference: formatValue(largestDifference(original.pattern.data, place.own), language, 2),
          })}
        </p>
      </section>
      <section class="workbench-figure yours">
        <h4>{t("workbench.yours")}</h4>
        <YoursOr yours={yours}>{(figure) => drawn(figure, t("workbench.yours"))}</YoursOr>
      </section>
    </>
  );
}
