import { formatNumber, formatShare } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { Figure } from "../figures/figure_frame.jsx";
import { usePage } from "../page_context.js";
import { nameOf } from "../river/names.js";
import { TokenLabel } from "../token_label.jsx";

const LISTED = 12;

/** How often each token was drawn, beside how often it is to be expected. @param {{figures: import("../../state/sampling_state.js").SamplingFigures}} props */
export function Tally({ figures: { draws, labels } }) {
  const language = usePage().state.language.value;
  const count = draws.numbers.length;
  const { tally } = draws;
  const rows = Array.from(tally.token_ids, (token_id, at) => ({
    label: labels(token_id),
    drawn: tally.counts[at] / count,
    times: tally.counts[at],
    expected: tally.probabilities[at],
  }));
  const listed = rows.slice(0, LISTED);
  const others = rows.slice(LISTED);
  const largest = Math.max(...listed.map(({ drawn, expected }) => Math.max(drawn, expected)));
  const data = {
    title: t("sampling.tally", { count }),
    row_axis: t("section_axis.token"),
    column_axis: t("sampling.tally_axis"),
    column_labels: [t("sampling.times"), t("sampling.expected")],
    rows: rows.map(({ label, times, expected }) => ({ label, values: [times, expected * count], limit: count })),
  };
  return (
    <Figure data={data} role="attention" hint={t("sampling.tally_hint")}>
      {() => (
        <ol class="tally">
          {listed.map(({ label, drawn, times, expected }) => (
            <li key={label}>
              <TokenLabel label={nameOf(label)} />
              <span class="share-bar" aria-hidden="true">
                <span class="share-before" style={{ transform: `scaleX(${expected / largest})` }} />
                <span class="share-after" style={{ transform: `scaleX(${drawn / largest})` }} />
              </span>
              <span>
                {t("sampling.tally_row", {
                  count: times,
                  share: formatShare(drawn, language),
                  expected: formatShare(expected, language),
                })}
              </span>
            </li>
          ))}
          {others.length > 0 && (
            <li class="hint">
              {t("sampling.tally_others", {
                count: others.length,
                times: formatNumber(
                  others.reduce((sum, { times }) => sum + times, 0),
                  language,
                ),
              })}
            </li>
          )}
        </ol>
      )}
    </Figure>
  );
}
