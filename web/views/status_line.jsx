import { formatMegabytes, formatNumber } from "../format.js";
import { t } from "../i18n/translate.js";
import { usePage } from "./page.js";
import { ProblemLine } from "./problem_line.jsx";
import { ProgressBar } from "./progress_bar.jsx";

/** One line of fixed height: stored or live, what is on its way, what went wrong. */
export function StatusLine() {
  const { state } = usePage();
  return (
    <div class="status-line">
      <Problem />
      <p class="status" role="status">{statusWords(usePage())}</p>
      {state.boot.value.kind === "starting" && <BootProgress boot={state.boot.value} />}
    </div>
  );
}

/** @param {import("./page.js").Page} page */
function statusWords({ state, selectors }) {
  const { boot, run, activity, preview } = state;
  if (boot.value.kind === "failed" || state.problem.value || preview.value.kind === "problem") return "";
  if (boot.value.kind === "starting") return t(run.value ? "status.stored" : "status.starting");
  if (activity.value !== "idle") return t(`status.${activity.value}`);
  if (state.text.value === "") return t("status.empty");
  if (selectors.is_full.value && !selectors.is_too_long.value) return t("status.full");
  return run.value && !run.value.is_stored ? t("status.live") : t("status.waking");
}

function Problem() {
  const { state, selectors, actions } = usePage();
  const { boot, problem, preview, text } = state;
  const language = state.language.value;
  if (boot.value.kind === "failed") return <ProblemLine problem={boot.value.problem} onRetry={actions.restart} />;
  if (problem.value) {
    return <ProblemLine problem={problem.value} onRetry={actions.retry} onDismiss={actions.dismissProblem} />;
  }
  if (preview.value.kind === "problem" && preview.value.text === text.value) {
    return <ProblemLine problem={preview.value.problem} />;
  }
  if (!selectors.is_too_long.value) return null;
  const detail = {
    n_tokens: formatNumber(selectors.chips.value?.length ?? 0, language),
    n_ctx: formatNumber(selectors.n_ctx.value ?? 0, language),
  };
  return <ProblemLine problem={{ code: "text_too_long", message: "", detail }} />;
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
