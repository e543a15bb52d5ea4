import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";
import { TokenLabel } from "../token_label.jsx";

/** @typedef {{pieces: string[], left: string, right: string, merged: string, rank: number, token_id: number}} MergeStep */

/** How single bytes became the token, merge after merge. @param {import("./section_props.js").SectionProps} props */
export function TokensSection({ section }) {
  const language = usePage().state.language.value;
  const { steps } = /** @type {{steps: MergeStep[]}} */ (section.data);
  const token = section.run.tokens[section.position];
  if (!token) return null;
  if (steps.length === 0) return <p>{t("section_tokens_single", { label: token.label, id: token.id })}</p>;
  return (
    <div class="table-scroll merges" tabIndex={0} role="group" aria-labelledby="section-title">
      <table>
        <caption>
          {t("section_tokens_caption", {
            label: token.label,
            id: token.id,
            count: steps.length,
          })}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t("section_tokens_step")}</th>
            <th scope="col" class="merge-pieces">
              {t("section_tokens_pieces")}
            </th>
            <th scope="col">{t("section_tokens_merge")}</th>
            <th scope="col">{t("section_tokens_rank")}</th>
            <th scope="col">{t("section_tokens_id")}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{formatNumber(0, language)}</th>
            <td class="merge-pieces">
              <Pieces pieces={bytesOf(steps[0])} />
            </td>
            <td colSpan={3} class="hint">
              {t("section_tokens_bytes")}
            </td>
          </tr>
          {steps.map(({ pieces, left, right, merged, rank, token_id }, index) => (
            <tr key={index}>
              <th scope="row">{formatNumber(index + 1, language)}</th>
              <td class="merge-pieces">
                <Pieces pieces={pieces} merged={merged} />
              </td>
              <td>
                <TokenLabel label={left} /> + <TokenLabel label={right} /> →{" "}
                <strong>
                  <TokenLabel label={merged} />
                </strong>
              </td>
              <td>{formatNumber(rank, language)}</td>
              <td>{token_id}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the first merge began with. @param {MergeStep} first */
const bytesOf = ({ pieces, merged, left, right }) =>
  pieces.flatMap((piece) => (piece === merged ? [left, right] : [piece]));

/** What there is after a step; the new piece stands out. @param {{pieces: string[], merged?: string}} props */
function Pieces({ pieces, merged }) {
  return (
    <>
      {pieces.map((piece, index) => (
        <span key={index} class={piece === merged ? "piece piece-new" : "piece"}>
          <TokenLabel label={piece} />
        </span>
      ))}
    </>
  );
}
