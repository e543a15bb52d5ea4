import { t } from "../../i18n/translate.js";

/**
 * What the reader's version made, or why there is nothing to see of it.
 * @param {{yours: import("../../state/workbench_state.js").Reply | null, children: (figure: any) => import("preact").ComponentChildren}} props
 */
export function YoursOr({ yours, children }) {
  if (!yours) return <p class="hint">{t("workbench.not_run")}</p>;
  if (yours.mistake) return <p class="hint">{t("workbench.no_figure")}</p>;
  return (
    <>
      <p class="workbench-note">{t("workbench.yours_note")}</p>
      {children(yours.figure)}
    </>
  );
}
