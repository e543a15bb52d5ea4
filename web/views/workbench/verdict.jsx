import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";

/** How the last run went: what it printed, or what is wrong, where, and how to mend it. @param {{kind: import("../../state/workbench_state.js").Kind, mistake: import("../../state/workbench_state.js").Mistake | null}} props */
export function Verdict({ kind, mistake }) {
  const { state } = usePage();
  const language = state.language.value;
  const [activity, end, printed] = [state.bench_activity.value, state.bench_end.value, state.bench_printed.value];
  const figures = state.bench_figures.value;
  const [code, ran] = [state.bench_codes.value[kind], state.bench_ran.value[kind]];
  const source = state.bench_sources.value[kind];
  const is_ahead = ran !== undefined && (code ?? source) !== ran;
  return (
    <>
      <div role="status" class="workbench-status">
        {activity === "starting" && !figures && t("workbench.starting")}
        {activity === "running" && t("workbench.running")}
        {activity === "idle" && end && <p class="workbench-mistake">{t(`workbench.end.${end}`)}</p>}
        {activity === "idle" && !end && mistake && <MistakeWords mistake={mistake} language={language} />}
        {activity === "idle" && !end && !mistake && is_ahead && t("workbench.ahead")}
        {activity === "idle" && !end && !mistake && !is_ahead && ran !== undefined && t("workbench.done")}
      </div>
      {printed.text !== "" && (
        <figure class="workbench-printed">
          <figcaption>{t("workbench.printed")}</figcaption>
          <pre tabIndex={0}>{printed.text}</pre>
          {printed.is_cut && <p class="hint">{t("workbench.printed_cut")}</p>}
        </figure>
      )}
    </>
  );
}

/** @param {{mistake: import("../../state/workbench_state.js").Mistake, language: import("../../state/types.js").Language}} props */
function MistakeWords({ mistake: { reason, line, python, facts }, language }) {
  const values = Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === "number" ? formatNumber(value, language, Number.isInteger(value) ? 0 : 4) : value,
    ]),
  );
  const words = reason === "raised" ? t(`workbench.raised.${facts.type}`) : t(`workbench.mistake.${reason}`, values);
  return (
    <div class="workbench-mistake">
      <p>
        {line !== null && <strong>{t("workbench.line", { line })} </strong>}
        {words}
      </p>
      {python !== "" && <code>{python}</code>}
    </div>
  );
}
