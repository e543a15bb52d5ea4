import { useMemo } from "preact/hooks";
import { formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { strongest } from "../../layout/changes.js";
import { Matrix } from "../figures/matrix.jsx";
import { usePage } from "../page_context.js";
import { nameOf } from "../river/names.js";
import { wholePoints } from "./whole_points.js";

/**
 * A sweep as a grid: what each change leaves of the answer's probability.
 * @param {{sweep: import("../../state/changes_state.js").Sweep, title: string, columns: string[], column_axis: string,
 *   onChoose: (layer: number, column: number) => void}} props
 */
export function SweepFigure({ sweep, title, columns, column_axis, onChoose }) {
  const { state, actions } = usePage();
  const language = state.language.value;
  const { probabilities, before, n_columns, n_done, is_running } = sweep;
  const count = probabilities.length;
  const tensor = useMemo(
    () => ({
      // Percentage points.
      data: probabilities.map((probability) => 100 * (probability - before)),
      shape: [count / n_columns, n_columns],
      axes: ["layer", "column"],
    }),
    [probabilities],
  );
  const rows = Array.from({ length: count / n_columns }, (_, layer) =>
    t("change.block_row", { block: ordinal(layer) }),
  );
  const label = nameOf(sweep.label);
  const found = strongest(probabilities, before);
  const words = (/** @type {number} */ layer, /** @type {number} */ column, /** @type {number} */ probability) =>
    t("change.sweep_cell", {
      block: ordinal(layer),
      column: columns[column] ?? "",
      answer: label,
      before: formatShare(before, language),
      after: Number.isNaN(probability) ? "…" : formatShare(probability, language),
    });
  return (
    <div class="sweep">
      <div class="sweep-progress">
        <progress max={count} value={n_done} aria-label={t("change.progress")} />
        <span>{t("change.done", { done: n_done, count })}</span>
        {is_running ? (
          <button type="button" onClick={actions.stopSweep}>
            {t("change.stop")}
          </button>
        ) : (
          <button type="button" class="quiet" onClick={actions.clearSweep}>
            {t("change.clear")}
          </button>
        )}
      </div>
      <Matrix
        title={title}
        tensor={tensor}
        row_labels={rows}
        column_labels={columns}
        row_axis={t("change.blocks")}
        column_axis={column_axis}
        limit={100}
        cellWords={wholePoints(language)}
        describe={({ row, column }) => words(row, column, probabilities[row * n_columns + column])}
        onExplain={({ row, column }) => onChoose(row, column)}
      />
      {found && (
        <p class="sweep-most">
          {t("change.most")} {words(Math.floor(found.index / n_columns), found.index % n_columns, found.probability)}
        </p>
      )}
    </div>
  );
}
