import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";

/** Opens the source behind a figure. @param {{kind: import("../../state/workbench_state.js").Kind}} props */
export function WorkbenchButton({ kind }) {
  const { state, actions } = usePage();
  return (
    <button
      type="button"
      class="workbench-button"
      aria-expanded={state.bench.value === kind}
      aria-controls={`workbench-${kind}`}
      onClick={() => actions.toggleBench(kind)}
    >
      {t("workbench.open")}
    </button>
  );
}
