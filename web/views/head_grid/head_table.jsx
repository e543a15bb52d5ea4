import { formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { CardSave } from "../card_save.jsx";
import { usePage } from "../page_context.js";

/** The grid as a file; its numbers are the marks. @param {{marks: import("../../state/figures_state.js").HeadMarks}} props */
export function HeadSave({ marks }) {
  const { data, shape } = marks.scores;
  const [n_layer, n_head, n_marks] = shape;
  return (
    <CardSave
      numbers={() => ({
        title: t("heads.title"),
        corner: t("heads.table_corner"),
        columns: marks.marks.map((name) => t(`heads.marks.${name}`)),
        rows: Array.from({ length: n_layer * n_head }, (_, index) => ({
          label: t("heads.head_name", { block: ordinal(Math.floor(index / n_head)), head: ordinal(index % n_head) }),
          cells: Array.from(data.subarray(index * n_marks, (index + 1) * n_marks)),
        })),
      })}
    />
  );
}

/** What every head attends to, as numbers. @param {{marks: import("../../state/figures_state.js").HeadMarks}} props */
export function HeadTable({ marks }) {
  const language = usePage().state.language.value;
  const { data, shape } = marks.scores;
  const [n_layer, n_head, n_marks] = shape;
  return (
    <div class="table-scroll figure-table" tabIndex={0} role="group" aria-labelledby="heads-title">
      <table>
        <caption>{t("heads.table_caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("heads.table_corner")}</th>
            {marks.marks.map((name) => (
              <th key={name} scope="col">
                {t(`heads.marks.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: n_layer * n_head }, (_, index) => (
            <tr key={index}>
              <th scope="row">
                {t("heads.head_name", { block: ordinal(Math.floor(index / n_head)), head: ordinal(index % n_head) })}
              </th>
              {marks.marks.map((name, mark) => {
                const score = data[index * n_marks + mark];
                return <td key={name}>{Number.isNaN(score) ? "" : formatShare(score, language)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
