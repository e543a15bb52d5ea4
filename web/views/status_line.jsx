import { formatMegabytes } from "../format.js";
import { t } from "../i18n/translate.js";
import { usePage } from "./page_context.js";
import { ProgressBar } from "./progress_bar.jsx";

/** Stored or live, and what is on its way. */
export function StatusLine() {
  const { state } = usePage();
  return (
    <div class="status-line">
      <p class="status" role="status">
        {statusWords(usePage())}
      </p>
      {state.boot.value.kind === "starting" && <BootProgress boot={state.boot.value} />}
    </div>
  );
}

/** @param {import("./page_context.js").Page} page */
function statusWords({ state, selectors }) {
  const { boot, run, activity, preview } = state;
  if (boot.value.kind === "failed" || state.problem.value || preview.value.kind === "problem") return "";
  if (selectors.is_too_long.value) return "";
  if (boot.value.kind === "starting") {
    if (!run.value?.is_stored) return t("status.starting");
    return selectors.is_run_current.value ? t("status.stored") : t("status.stored_example", { text: run.value.text });
  }
  if (activity.value !== "idle") return t(`status.${activity.value}`);
  if (state.text.value === "") return t("status.empty");
  if (selectors.is_full.value) return t("status.full");
  return run.value && !run.value.is_stored ? t("status.live") : t("status.waking");
}

/** @param {{boot: {loaded_bytes: number, total_bytes: number}}} props */
function BootProgress({ boot }) {
  const language = usePage().state.language.value;
  return (
    <div class="boot-progress">
      <ProgressBar label={t("status.progress")} {...boot} />
      <span class="boot-words">
        {t("megabytes_of", {
          loaded: formatMegabytes(boot.loaded_bytes, language),
          total: formatMegabytes(boot.total_bytes, language),
        })}
      </span>
    </div>
  );
}
