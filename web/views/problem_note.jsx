import { formatNumber } from "../format.js";
import { t } from "../i18n/translate.js";
import { usePage } from "./page_context.js";
import { ProblemLine } from "./problem_line.jsx";

/** What went wrong, the gravest first; nothing while all is well. */
export function ProblemNote() {
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
  if (!selectors.is_too_long.value) return state.notice.value && <Notice code={state.notice.value} />;
  const detail = {
    n_tokens: formatNumber(selectors.n_tokens.value ?? 0, language),
    n_ctx: formatNumber(selectors.n_ctx.value ?? 0, language),
  };
  return <ProblemLine problem={{ code: "text_too_long", message: "", detail }} />;
}

/** @param {{code: string}} props */
function Notice({ code }) {
  const { actions } = usePage();
  return (
    <p class="problem notice" role="status">
      <span class="problem-words">{t(`notice.${code}`)}</span>
      {code === "new_build" && (
        <button type="button" onClick={() => location.reload()}>
          {t("reload")}
        </button>
      )}
      <button type="button" class="quiet" onClick={() => actions.setNotice(null)}>
        {t("dismiss")}
      </button>
    </p>
  );
}
