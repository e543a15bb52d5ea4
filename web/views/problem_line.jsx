import { hasWords, t } from "../i18n/translate.js";

/**
 * A problem in the reader's language. A code without words of its own shows the message it came with.
 * @param {import("../state/types.js").Problem} problem
 */
export function problemWords({ code, message, detail }) {
  const values = /** @type {import("../i18n/translate.js").Values} */ (
    typeof detail === "object" && detail ? detail : {}
  );
  return hasWords(`problem.${code}`)
    ? t(`problem.${code}`, { reason: reasonWords(message, values), ...values })
    : message;
}

/**
 * What exactly is wrong, from the facts that came with the problem; where they name no reason, its message as it came.
 * @param {string} message @param {import("../i18n/translate.js").Values} facts
 */
function reasonWords(message, facts) {
  const { reason, option } = facts;
  if (!reason || !hasWords(`problem_reason.${reason}`)) return t("problem_reason.other", { message });
  const names = option && { option: t(`sampling.${option}`), allowed: t(`problem_reason.option_allowed.${option}`) };
  return t(`problem_reason.${reason}`, { ...facts, ...names });
}

/**
 * One plain line: what went wrong and what mends it.
 * @param {{problem: import("../state/types.js").Problem, onRetry?: () => void, onDismiss?: () => void}} props
 */
export function ProblemLine({ problem, onRetry, onDismiss }) {
  return (
    <p class="problem" role="alert" data-code={problem.code}>
      <span class="problem-mark" aria-hidden="true" />
      <span class="problem-words">{problemWords(problem)}</span>
      {onRetry && (
        <button type="button" onClick={onRetry}>
          {t(problem.code === "new_build" ? "reload" : "retry")}
        </button>
      )}
      {onDismiss && (
        <button type="button" class="quiet" onClick={onDismiss}>
          {t("dismiss")}
        </button>
      )}
    </p>
  );
}
