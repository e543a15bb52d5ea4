import { formatNumber, formatShare } from "../format.js";
import { t } from "../i18n/translate.js";
import { barLengths, firstDropped } from "../layout/bars.js";
import { moveAlong } from "./arrow_keys.js";
import { CardTitle } from "./card_title.jsx";
import { usePage } from "./page_context.js";
import { Prose } from "./prose.jsx";
import { TokenLabel } from "./token_label.jsx";

/** The likeliest next tokens, best first; picking one continues the text with it. */
export function NextToken() {
  const { state, selectors } = usePage();
  const prediction = state.prediction.value;
  const is_waiting = prediction !== null && !selectors.is_prediction_current.value;
  return (
    <section class="card next-token" aria-labelledby="next-token-title" aria-busy={is_waiting}>
      <div class="card-head">
        <CardTitle id="next-token-title" words={t("next_token.title")} />
      </div>
      <p class="card-intro">
        {prediction ? (
          <Prose
            words="next_token.intro"
            values={{
              listed: formatNumber(prediction.candidates.length, state.language.value),
              count: formatNumber(prediction.vocab_size, state.language.value),
            }}
          />
        ) : (
          t("next_token.waiting")
        )}
      </p>
      {prediction && <Candidates candidates={prediction.candidates} />}
    </section>
  );
}

/**
 * After the cuts for a token that is kept; what it had before them for one that is dropped.
 * @param {import("../state/types.js").Candidate} candidate
 */
const shownProbability = ({ is_kept, probability, share }) => (is_kept ? probability : share);

/** @param {{candidates: import("../state/types.js").Candidate[]}} props */
function Candidates({ candidates }) {
  const lengths = barLengths(candidates.flatMap(({ share, probability }) => [share, probability]));
  const cut = firstDropped(candidates);
  return (
    <ol class="candidates" aria-labelledby="next-token-title" onKeyDown={moveAlong}>
      {candidates.map((candidate, index) => (
        <CandidateRow
          // By rank: a row changes its words; moving fifty rows about would cost more.
          key={index}
          candidate={candidate}
          before={lengths[2 * index]}
          after={lengths[2 * index + 1]}
          is_first={index === 0}
          is_after_cut={index === cut}
        />
      ))}
    </ol>
  );
}

/**
 * @param {{candidate: import("../state/types.js").Candidate, before: number, after: number, is_first: boolean,
 *   is_after_cut: boolean}} props
 */
function CandidateRow({ candidate, before, after, is_first, is_after_cut }) {
  const { state, selectors, actions } = usePage();
  const language = state.language.value;
  const is_open = selectors.is_live.value && !selectors.is_full.value;
  // Made when it is needed: fifty of them would cost as much as all the rest of the list.
  const words = () =>
    t(candidate.is_kept ? "next_token.choose" : "next_token.choose_dropped", {
      label: candidate.label,
      after: formatShare(candidate.probability, language),
      before: formatShare(candidate.share, language),
    });
  const classes = ["candidate", !candidate.is_kept && "dropped", is_after_cut && "after-cut"].filter(Boolean).join(" ");
  return (
    <li class={classes} data-cut={is_after_cut ? t("next_token.cut") : undefined}>
      <button
        type="button"
        aria-disabled={!is_open}
        tabIndex={is_first ? 0 : -1}
        onPointerEnter={(event) => (event.currentTarget.title = words())}
        onClick={() => is_open && actions.choose(candidate.token_id)}
      >
        <TokenLabel label={candidate.label} />
        <span class="bar" aria-hidden="true">
          <span class="bar-length bar-before" style={{ transform: `scaleX(${before})` }} />
          {after > 0 && <span class="bar-length" style={{ transform: `scaleX(${after})` }} />}
        </span>
        <span class="share">{formatShare(shownProbability(candidate), language)}</span>
      </button>
    </li>
  );
}
