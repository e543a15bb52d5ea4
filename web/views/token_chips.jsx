import { useEffect, useRef } from "preact/hooks";
import { formatNumber, formatShare, ordinal } from "../format.js";
import { t } from "../i18n/translate.js";
import { moveAlong } from "./arrow_keys.js";
import { usePage } from "./page_context.js";
import { TokenLabel } from "./token_label.jsx";

/** The text as the model reads it: one chip a token with its id, and the likeliest next one in outline. */
export function TokenChips() {
  const { state, selectors } = usePage();
  const strip = useRef(/** @type {HTMLOListElement | null} */ (null));
  const chips = selectors.chips.value;
  const shown = chips ?? [];
  const n_hidden = (selectors.n_tokens.value ?? 0) - shown.length;
  const n_prompt = selectors.is_run_current.value ? (state.run.value?.n_prompt ?? 0) : shown.length;
  // The end of the text is where things happen.
  useEffect(() => {
    if (strip.current) strip.current.scrollTop = strip.current.scrollHeight;
  }, [chips?.length]);
  return (
    <ol class="chips" ref={strip} aria-label={t("tokens.title")} onKeyDown={moveAlong}>
      {shown.map((token, position) => (
        <Chip
          key={position}
          token={token}
          position={position}
          addition={additionAt(state.run.value, position, n_prompt)}
        />
      ))}
      {chips && n_hidden > 0 && (
        <li class="chips-more">{t("tokens.more", { count: formatNumber(n_hidden, state.language.value) })}</li>
      )}
      <PredictedChip />
    </ol>
  );
}

/** @param {import("../state/types.js").Run | null} run @param {number} position @param {number} n_prompt */
function additionAt(run, position, n_prompt) {
  return position < n_prompt ? null : (run?.additions[position - n_prompt] ?? null);
}

/**
 * @param {{token: import("../state/types.js").Token, position: number,
 *   addition: import("../state/types.js").Addition | null}} props
 */
function Chip({ token, position, addition }) {
  const { state, selectors, actions } = usePage();
  const is_last = position === (selectors.chips.value?.length ?? 0) - 1;
  const is_selected = selectors.is_run_current.value && position === selectors.query.value;
  const note = () =>
    addition && t(`tokens.${addition.origin}`, { share: formatShare(addition.probability, state.language.value) });
  // Made when it is needed: a long text has hundreds of chips, drawn again at every token.
  const title = () =>
    [t("tokens.position", { position: ordinal(position) }), note(), token.is_fragment && t("tokens.fragment")]
      .filter(Boolean)
      .join(" · ");
  return (
    <li class={`chip chip-${addition?.origin ?? "prompt"} ${addition && is_last ? "chip-newest" : ""}`}>
      <button
        type="button"
        class={token.is_fragment ? "chip-label chip-fragment" : "chip-label"}
        aria-pressed={is_selected}
        tabIndex={is_selected || (is_last && !selectors.is_run_current.value) ? 0 : -1}
        onPointerEnter={(event) => (event.currentTarget.title = title())}
        onClick={() => actions.selectQuery(position)}
      >
        <TokenLabel label={token.label} />
      </button>
      <span class="chip-id">{addition && is_last ? note() : token.id}</span>
    </li>
  );
}

/** What the model finds likeliest, not yet part of the text. */
function PredictedChip() {
  const { state, selectors } = usePage();
  const likeliest = state.prediction.value?.candidates[0];
  if (!likeliest || !selectors.is_run_current.value || selectors.is_full.value) return null;
  return (
    <li class="chip chip-predicted">
      <span class="chip-label" title={t("tokens.predicted")}>
        <span class="visually-hidden">{t("tokens.predicted")}</span>
        <TokenLabel label={likeliest.label} />
      </span>
      <span class="chip-id">{formatShare(likeliest.probability, state.language.value)}</span>
    </li>
  );
}
