import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { moveAlong } from "../arrow_keys.js";
import { usePage } from "../page_context.js";
import { TokenLabel } from "../token_label.jsx";

/** The tokens in one line; the section shows the chosen one. */
export function TokenRow() {
  const { state, selectors, actions } = usePage();
  const tokens = state.run.value?.tokens ?? [];
  const query = selectors.query.value;
  return (
    <ol class="token-row" aria-label={t("tokens.title")} onKeyDown={moveAlong}>
      {tokens.map(({ label }, position) => (
        <li key={position}>
          <button
            type="button"
            aria-pressed={position === query}
            aria-label={t("section_token", { label, position: ordinal(position) })}
            tabIndex={position === query ? 0 : -1}
            onClick={() => position !== query && actions.selectQuery(position)}
          >
            <TokenLabel label={label} />
          </button>
        </li>
      ))}
    </ol>
  );
}
