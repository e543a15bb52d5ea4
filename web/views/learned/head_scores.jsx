import { formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";

const KINDS = /** @type {const} */ (["previous_token", "induction"]);

/**
 * Every head of the model at this point: how much it looks at the token before, or at what followed the same token.
 * @param {{point: import("../../training_record.js").Point}} props
 */
export function HeadScores({ point }) {
  const { state, actions } = usePage();
  const kind = state.head_kind.value;
  const chosen = state.training_head.value;
  const language = state.language.value;
  return (
    <section aria-labelledby="learned-heads">
      <h3 id="learned-heads">{t("learned.heads")}</h3>
      <fieldset class="segments-line">
        <legend class="visually-hidden">{t("learned.heads")}</legend>
        {KINDS.map((name) => (
          <label key={name}>
            <input type="radio" name="head-kind" checked={kind === name} onChange={() => actions.showHeadKind(name)} />
            {t(`heads.marks.${name}`)}
          </label>
        ))}
      </fieldset>
      <table class="learned-heads">
        <caption class="visually-hidden">{t("learned.heads_caption")}</caption>
        <tbody>
          {point[kind].map((row, layer) => (
            <tr key={layer}>
              <th scope="row">{ordinal(layer)}</th>
              {row.map((score, head) => (
                <td key={head}>
                  <button
                    type="button"
                    aria-pressed={chosen.layer === layer && chosen.head === head}
                    aria-label={t("learned.head_score", {
                      block: ordinal(layer),
                      head: ordinal(head),
                      share: formatShare(score, language),
                    })}
                    title={formatShare(score, language)}
                    style={{ "--score": `${Math.min(1, score * 1.2) * 100}%` }}
                    onClick={() => actions.showTrainingHead(layer, head)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
