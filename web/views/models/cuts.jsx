import { useMemo } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { cutsBeside } from "../../layout/cuts.js";
import { TokenLabel } from "../token_label.jsx";
import { titleOf } from "./title.js";

/** @typedef {import("../../state/answers_state.js").Answer} Answer */

/** Where each model cuts the text: what stands above each other is the same piece of it. @param {{present: Answer, kept: Answer}} props */
export function Cuts({ present, kept }) {
  const rows = useMemo(() => cutsBeside(present.run.tokens, kept.run.tokens), [present.run, kept.run]);
  const n_columns = rows[0].reduce((sum, cell) => sum + cell.n_columns, 0);
  return (
    <>
      <h3 id="cuts-title">{t("two_models.cuts")}</h3>
      <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="cuts-title">
        <table class="cuts">
          <caption class="visually-hidden">{t("two_models.cuts")}</caption>
          {[present, kept].map((answer, row) => (
            <tbody key={answer.model}>
              <tr>
                <th scope="rowgroup" colSpan={n_columns}>
                  <span>
                    {titleOf(answer, answer === kept)}: <b>{t("tokens.count", { count: answer.run.tokens.length })}</b>
                  </span>
                </th>
              </tr>
              <tr>
                {rows[row].map(({ from, to, n_columns: width }) => (
                  <td key={from} colSpan={width}>
                    <span class="cuts-cell">
                      {answer.run.tokens.slice(from, to).map(({ label }, at) => (
                        <span key={at} class="piece">
                          <TokenLabel label={label} />
                        </span>
                      ))}
                    </span>
                  </td>
                ))}
              </tr>
            </tbody>
          ))}
        </table>
      </div>
    </>
  );
}
