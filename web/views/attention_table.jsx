import { formatShare } from "../format.js";
import { t } from "../i18n/translate.js";
import { usePage } from "./page_context.js";

/**
 * The heat map as a table: the same numbers for whoever does not see colours.
 * @param {{pattern: import("../state/types.js").Pattern}} props
 */
export function AttentionTable({ pattern }) {
  const { state } = usePage();
  const language = state.language.value;
  const { tokens, tensor } = pattern;
  return (
    <div class="heat-map table-scroll" tabIndex={0} role="group" aria-labelledby="attention-title">
      <table>
        <caption>{t("attention.table_caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("attention.table_corner")}</th>
            {tokens.map(({ label }, key) => (
              <th key={key} scope="col" class="key-label">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tokens.map(({ label }, query) => (
            <tr key={query}>
              <th scope="row" class="query-label">
                {label}
              </th>
              {tokens.map((_, key) => (
                <td key={key}>{key <= query && formatShare(tensor.data[query * tokens.length + key], language)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
