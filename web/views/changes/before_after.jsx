import { formatShare } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";
import { TokenLabel } from "../token_label.jsx";

/** The answer without the changes and with them, the largest differences first. */
export function BeforeAfter() {
  const { state } = usePage();
  const effect = state.effect.value;
  if (!effect) return null;
  return (
    <BeforeAfterTable
      caption={t("change.effect")}
      names={[t("change.before"), t("change.after")]}
      rows={effect.rows}
      labels={effect.labels}
      is_waiting={effect.run !== state.run.value}
    />
  );
}

/**
 * Next tokens with two probabilities each, and their difference.
 * @param {{caption: string, names: [string, string], rows: import("../../layout/changes.js").ChangedToken[], labels: string[], is_waiting?: boolean}} props
 */
export function BeforeAfterTable({ caption, names, rows, labels, is_waiting = false }) {
  const language = usePage().state.language.value;
  return (
    <table class="before-after" aria-busy={is_waiting}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t("change.next_token")}</th>
          <th scope="col">{names[0]}</th>
          <th scope="col">{names[1]}</th>
          <th scope="col">{t("change.difference")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ token_id, before, after }, index) => (
          <tr key={token_id}>
            <th scope="row">
              <TokenLabel label={labels[index]} />
            </th>
            <td>
              <Share share={before} kind="before" />
            </td>
            <td>
              <Share share={after} kind="after" />
            </td>
            <td>
              {after < before ? "−" : "+"}
              {formatShare(Math.abs(after - before), language)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** @param {{share: number, kind: "before" | "after"}} props */
function Share({ share, kind }) {
  const language = usePage().state.language.value;
  return (
    <>
      <span class="change-share">{formatShare(share, language)}</span>
      <span class={`change-bar ${kind}`} aria-hidden="true">
        <span style={{ transform: `scaleX(${share})` }} />
      </span>
    </>
  );
}
