import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";

/** Where does a certain token stand? What is found joins the table below. */
export function TokenSearch() {
  const { state, actions } = usePage();
  const words = state.token_search.value;
  const count = state.found_tokens.value.length;
  return (
    <div class="token-search">
      <label for="token-search">{t("sampling.search")}</label>
      <input
        id="token-search"
        type="search"
        autocomplete="off"
        spellcheck={false}
        placeholder={t("sampling.search_example")}
        value={words}
        onInput={(event) => void actions.searchToken(event.currentTarget.value)}
      />
      <span class="hint" role="status">
        {words === ""
          ? t("sampling.search_hint")
          : count > 0
            ? t("sampling.found", { count })
            : t("sampling.found_none")}
      </span>
    </div>
  );
}
