import { useRef, useState } from "preact/hooks";
import { formatNumber, formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { surpriseBits } from "../../state/tree.js";
import { moveAlong } from "../arrow_keys.js";
import { usePage } from "../page_context.js";
import { nameOf } from "../river/names.js";
import { TokenLabel } from "../token_label.jsx";
import { surpriseStyle } from "./surprise.js";

/** The text token by token: how surprising each was to the model, and what else was likely in its place. */
export function PastTokens() {
  const { state, selectors, actions } = usePage();
  const list = useRef(/** @type {HTMLOListElement | null} */ (null));
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null));
  const language = state.language.value;
  const run = state.run.value;
  const owns = selectors.token_owns.value;
  if (!run || owns.length === 0) return <p class="hint">{t("lens.waiting")}</p>;
  const is_coloured = state.is_coloured.value;
  const open = state.alternatives.value;
  const at = pointed !== null && pointed < run.tokens.length ? pointed : null;
  const bits = owns.slice(run.n_prompt).filter((own) => own !== null);
  const total = bits.reduce((sum, own) => sum + surpriseBits(own), 0);
  return (
    <div class="past-text">
      <label class="past-toggle">
        <input
          type="checkbox"
          role="switch"
          checked={is_coloured}
          onChange={(event) => actions.setColoured(event.currentTarget.checked)}
        />
        {t("past.coloured")}
      </label>
      <ol class="past-tokens" ref={list} onKeyDown={moveAlong} aria-label={t("past.tokens")}>
        {run.tokens.map((token, position) => {
          const own = owns[position] ?? null;
          return (
            <li key={position}>
              <button
                type="button"
                class={position < run.n_prompt ? "past-token typed" : "past-token"}
                style={is_coloured ? surpriseStyle(own) : {}}
                tabIndex={position === (at ?? run.tokens.length - 1) ? 0 : -1}
                aria-expanded={position > 0 ? open?.position === position : undefined}
                aria-disabled={position === 0}
                aria-describedby="past-readout"
                onPointerEnter={() => setPointed(position)}
                onPointerLeave={() => setPointed(null)}
                onFocus={() => setPointed(position)}
                onClick={() => position > 0 && void actions.showAlternatives(position)}
              >
                <TokenLabel label={token.label} />
                {is_coloured && <small>{own === null ? "–" : formatNumber(surpriseBits(own), language, 1)}</small>}
              </button>
            </li>
          );
        })}
      </ol>
      <p class="readout past-readout" id="past-readout">
        {at !== null
          ? wordsOf(run.tokens[at].label, at, owns[at] ?? null, language)
          : bits.length > 0
            ? t("past.total", {
                count: bits.length,
                bits: formatNumber(total, language, 2),
                mean: formatNumber(total / bits.length, language, 2),
              })
            : t("past.hint")}
      </p>
      {open && (
        <Alternatives open={open} onClose={() => list.current?.querySelectorAll("button")[open.position]?.focus()} />
      )}
    </div>
  );
}

/** @param {string} label @param {number} position @param {number | null} own @param {import("../../state/types.js").Language} language */
function wordsOf(label, position, own, language) {
  const place = formatNumber(ordinal(position), language);
  if (own === null)
    return t(position === 0 ? "past.token_first" : "past.token_unknown", { label: nameOf(label), place });
  return t("past.token", {
    label: nameOf(label),
    place,
    share: formatShare(own, language),
    bits: formatNumber(surpriseBits(own), language, 2),
  });
}

/**
 * What else was likely there; taking one of them is another branch.
 * @param {{open: import("../../state/past_state.js").Alternatives, onClose: () => void}} props `onClose`: the focus goes
 *   back to where the list was opened
 */
function Alternatives({ open, onClose }) {
  const { state, actions } = usePage();
  const language = state.language.value;
  const run = state.run.value;
  if (!run || open.run !== run) return null;
  const taken = run.tokens[open.position]?.id;
  const is_prompt = open.position < run.n_prompt;
  const is_busy = state.activity.value !== "idle";
  const largest = open.found[0]?.own ?? 1;
  return (
    <section class="alternatives" aria-labelledby="alternatives-title">
      <h3 id="alternatives-title">{t("past.alternatives", { label: nameOf(run.tokens[open.position].label) })}</h3>
      <p class="hint">{t(is_prompt ? "past.alternatives_prompt" : "past.alternatives_note")}</p>
      <ol onKeyDown={moveAlong}>
        {open.found.map(({ token_id, label, own }) => (
          <li key={token_id}>
            <button
              type="button"
              disabled={is_prompt || is_busy}
              aria-pressed={token_id === taken}
              onClick={() => void actions.branchAt(open.position, token_id)?.then(onClose)}
            >
              <TokenLabel label={label} />
              <span class="share-bar" aria-hidden="true">
                <span class="share-after" style={{ transform: `scaleX(${own / largest})` }} />
              </span>
              <span>{formatShare(own, language)}</span>
            </button>
          </li>
        ))}
      </ol>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          void actions.showAlternatives(null);
          onClose();
        }}
      >
        {t("past.alternatives_close")}
      </button>
    </section>
  );
}
