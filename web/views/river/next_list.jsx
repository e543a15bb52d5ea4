import { formatNumber, formatShare } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { moveAlong } from "../arrow_keys.js";
import { usePage } from "../page_context.js";
import { TokenLabel } from "../token_label.jsx";
import { nameOf } from "./names.js";
import { SamplingSliders } from "./sampling_sliders.jsx";

export const LISTED = 10;

/**
 * The likeliest next tokens beside the river's end: what the model says, and what a token is drawn with.
 * @param {{list: import("../../layout/river/frame.js").Frame["list"]}} props null: below the river
 */
export function NextList({ list }) {
  const { state, selectors } = usePage();
  // While it is not known what follows another token, the list is that of the text's end, and looks it.
  const known = selectors.shown_prediction.value;
  const prediction = known ?? state.prediction.value;
  if (!prediction) return null;
  const options = prediction.options;
  const is_plain =
    options.temperature === 1 &&
    [options.top_k, options.top_p ?? 1, options.min_p ?? 0].every((cut, at) => cut === [null, 1, 0][at]);
  const is_waiting = known === null || !selectors.is_prediction_current.value;
  const place = list ? { left: `${list.x}px`, width: `${list.width}px`, top: 0 } : {};
  const pitch = list?.pitch ?? 30;
  return (
    <section
      class={list ? "next-list beside" : "next-list"}
      style={place}
      aria-labelledby="next-title"
      data-tour="next"
      aria-busy={is_waiting}
    >
      <div class="next-head" style={list ? { height: `${list.top}px` } : {}}>
        <h2 id="next-title">{t("river.next")}</h2>
        {!is_plain && (
          <span class="next-columns">
            <span>{t("river.model_says")}</span>
            <span>{t("river.drawn_with")}</span>
          </span>
        )}
      </div>
      <ol onKeyDown={moveAlong}>
        {prediction.candidates.slice(0, LISTED).map((candidate, rank) => (
          <NextRow key={rank} candidate={candidate} is_first={rank === 0} is_plain={is_plain} pitch={pitch} />
        ))}
        <Others prediction={prediction} is_plain={is_plain} />
      </ol>
      <SamplingSliders />
    </section>
  );
}

/**
 * What all others have together, so that each column adds up.
 * @param {{prediction: import("../../state/types.js").Prediction, is_plain: boolean}} props
 */
function Others({ prediction: { candidates, vocab_size }, is_plain }) {
  const language = usePage().state.language.value;
  const listed = candidates.slice(0, LISTED);
  const left = (/** @type {"own" | "probability"} */ name) =>
    formatShare(leftOver(listed.reduce((sum, candidate) => sum + candidate[name], 0)), language);
  return (
    <li class="next-others">
      <span>
        {t("river.others", {
          count: vocab_size - listed.length,
          formatted: formatNumber(vocab_size - listed.length, language),
        })}
      </span>
      <span class="next-shares">
        <span class={is_plain ? "own only" : "own"}>{left("own")}</span>
        {!is_plain && <span class="drawn">{left("probability")}</span>}
      </span>
    </li>
  );
}

/** What is left of 1; sums of 32-bit numbers miss it by a little. @param {number} sum */
const leftOver = (sum) => (1 - sum < 1e-6 ? 0 : 1 - sum);

/**
 * @param {{candidate: import("../../state/types.js").Candidate, is_first: boolean, is_plain: boolean, pitch: number}} props
 */
function NextRow({ candidate, is_first, is_plain, pitch }) {
  const { state, selectors, actions } = usePage();
  const language = state.language.value;
  const { label, own, probability, is_kept, token_id } = candidate;
  const is_open = selectors.is_live.value && !selectors.is_full.value && selectors.is_last_shown.value;
  const words = t(is_kept ? "river.choose" : "river.choose_dropped", {
    label: nameOf(label),
    own: formatShare(own, language),
    drawn: formatShare(probability, language),
  });
  return (
    <li class={is_kept ? "next-row" : "next-row dropped"} style={{ height: `${pitch}px` }}>
      <button
        type="button"
        aria-disabled={!is_open}
        tabIndex={is_first ? 0 : -1}
        onPointerEnter={() => actions.readOut(words)}
        onPointerLeave={() => actions.readOut(null)}
        onFocus={() => actions.readOut(words)}
        onBlur={() => actions.readOut(null)}
        onClick={() => is_open && actions.choose(token_id)}
      >
        <TokenLabel label={nameOf(label)} />
        <span class="next-shares">
          <span class={is_plain ? "own only" : "own"}>{formatShare(own, language)}</span>
          {!is_plain && <span class="drawn">{is_kept ? formatShare(probability, language) : t("river.cut")}</span>}
        </span>
        <span class="next-bar" aria-hidden="true">
          <span class="bar-own" style={{ transform: `scaleX(${own})` }} />
          {is_kept ? (
            <span class="bar-drawn" style={{ transform: `scaleX(${probability})` }} />
          ) : (
            <span class="bar-cut" style={{ transform: `scaleX(${own})` }} />
          )}
        </span>
      </button>
    </li>
  );
}
