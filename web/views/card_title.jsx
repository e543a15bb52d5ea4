import { t } from "../i18n/translate.js";
import { usePage } from "./page_context.js";

/** Name of a figure, and whether what it shows was stored. @param {{id: string, words: string}} props */
export function CardTitle({ id, words }) {
  const is_stored = usePage().state.run.value?.is_stored ?? false;
  return (
    <div class="card-title">
      <h2 id={id}>{words}</h2>
      {is_stored && <span class="badge">{t("stored")}</span>}
    </div>
  );
}
