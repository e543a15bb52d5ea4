import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";

const NAMES = /** @type {const} */ (["own", "softmax", "min_p"]);

/** How undecided each distribution is, in bits and as a number of equally likely tokens. @param {{spread: import("../../state/sampling_state.js").Steps["spread"]}} props */
export function Spread({ spread }) {
  const language = usePage().state.language.value;
  return (
    <table class="numbers spread">
      <caption>
        <Prose words="sampling.spread" />
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{t("sampling.entropy")}</th>
          <th scope="col">{t("sampling.choices")}</th>
        </tr>
      </thead>
      <tbody>
        {NAMES.map((name) => (
          <tr key={name}>
            <th scope="row">
              <span class={`mass-key mass-${name}`} aria-hidden="true" />
              {t(`sampling.line.${name}`)}
            </th>
            <td>{t("sampling.bits", { value: formatNumber(spread[name].entropy, language, 2) })}</td>
            <td>{formatNumber(spread[name].choices, language, spread[name].choices < 1000 ? 2 : 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
