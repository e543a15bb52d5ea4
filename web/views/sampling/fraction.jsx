import { formatShare, formatValue } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { Formula } from "../figures/formula.jsx";
import { texNumber } from "../figures/tex_number.js";
import { usePage } from "../page_context.js";
import { TokenLabel } from "../token_label.jsx";

/**
 * How one token's probability comes about, with its own numbers.
 * @param {{steps: import("../../state/sampling_state.js").Steps, options: import("../../state/types.js").Options,
 *   label: string, index: number}} props `index`: its place in the arrays
 */
export function Fraction({ steps, options, label, index }) {
  const language = usePage().state.language.value;
  const n = (/** @type {number} */ value) => texNumber(formatValue(value, language));
  const { temperature } = options;
  const { columns, numerators } = steps;
  const probability = columns.min_p[index];
  const is_kept = probability > 0;
  const parts =
    temperature === 0
      ? [`p = ${is_kept ? "1" : "0"}`]
      : [
          `p = \\frac{e^{${n(columns.logits[index])} / ${n(temperature)} - ${n(steps.largest)}}}{\\sum_{\\mathrm{kept}}} = ${
            is_kept ? `\\frac{${n(numerators[index])}}{${n(steps.denominator_kept)}} = ${n(probability)}` : "0"
          }`,
        ];
  return (
    <div class="sampling-fraction">
      <p>
        <strong>
          <TokenLabel label={label} />
        </strong>{" "}
        {t(is_kept ? "section_sampling_is_kept" : "section_sampling_is_dropped", {
          share: formatShare(columns.softmax[index], language),
          own: formatShare(columns.own[index], language),
        })}
      </p>
      <Formula parts={parts} />
    </div>
  );
}
