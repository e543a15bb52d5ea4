import { formatNumber, formatShare } from "../format.js";
import { t } from "../i18n/translate.js";
import { barLengths, firstDropped } from "../layout/bars.js";
import { usePage } from "./page.js";
import { TokenLabel } from "./token_label.jsx";

/** The likeliest next tokens, best first; picking one continues the text with it. */
export function NextToken() {
  const { state, selectors } = usePage();
  const prediction = state.prediction.value;
  const is_waiting = prediction !== null && !selectors.is_prediction_current.value;
  return (
    <section class="card next-token" aria-labelledby="next-token-title" aria-busy={is_waiting}>
      <div class="card-head"><h2 id="next-token-title">{t("next_token.title")}</h2></div>
      <p class="card-intro">
        {prediction
          ? t("next_token.intro", {
            listed: formatNumber(prediction.candidates.length, state.language.value),
            count: formatNumber(prediction.stages[0]?.kept_count ?? 0, state.language.value),
          })
          : t("next_token.waiting")}
      </p>
      {prediction && <Candidates candidates={prediction.candidates} />}
    </section>
  );
}

/** @param {{candidates: import("../state/types.js").Candidate[]}} props */
function Candidates({ candidates }) {
  const lengths = barLengths(candidates.map(({ probability }) => probability));
  const cut = firstDropped(candidates);
  return (
    <ol class="candidates" tabIndex={0} aria-labelledby="next-token-title">
      {candidates.map((candidate, index) => (
        <CandidateRow key={candidate.token_id} candidate={candidate} length={lengths[index]} is_after_cut={index === cut} />
      ))}
    </ol>
  );
}

/**
 * @param {{candidate: import("../state/types.js").Candidate, length: number, is_after_cut: boolean}} props
 */
function CandidateRow({ candidate, length, is_after_cut }) {
  const { state, selectors, actions } = usePage();
  const share = formatShare(candidate.probability, state.language.value);
  const classes = ["candidate", !candidate.is_kept && "dropped", is_after_cut && "after-cut"].filter(Boolean).join(" ");
  return (
    <li class={classes} data-cut={is_after_cut ? t("next_token.cut") : undefined}>
      <button
        type="button"
        disabled={!selectors.is_live.value || selectors.is_full.value}
        title={t("next_token.choose", { label: candidate.label })}
        onClick={() => actions.choose(candidate.token_id)}
      >
        <TokenLabel label={candidate.label} />
        <span class="bar" aria-hidden="true"><span class="bar-length" style={{ transform: `scaleX(${length})` }} /></span>
        <span class="share">{share}</span>
      </button>
    </li>
  );
}
