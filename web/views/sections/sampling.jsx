import { useState } from "preact/hooks";
import { formatNumber, formatShare, formatValue } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { barsFromZero } from "../../layout/bars.js";
import { Bar } from "../figures/bar.jsx";
import { Figure } from "../figures/figure_frame.jsx";
import { Formula } from "../figures/formula.jsx";
import { texNumber } from "../figures/tex_number.js";
import { usePage } from "../page_context.js";
import { TokenLabel } from "../token_label.jsx";

const COLUMNS = /** @type {const} */ (["logits", "scaled", "softmax", "top_k", "top_p", "min_p"]);
const CUTS = new Set(["top_k", "top_p", "min_p"]);

/** @typedef {typeof COLUMNS[number]} Column */

/** From logits to what is drawn from, step by step, over the whole vocabulary. @param {import("./section_props.js").SectionProps} props */
export function SamplingSection({ section }) {
  const { state } = usePage();
  const [pointed, setPointed] = useState(0);
  const { data, labels } = section;
  const language = state.language.value;
  const rank = Math.min(pointed, labels.length - 1);
  const figure = {
    title: t("section_sampling_title", {
      listed: formatNumber(labels.length, language),
      count: formatNumber(data.vocab_size, language),
    }),
    row_axis: t("section_axis.token"),
    column_axis: t("section_sampling_step"),
    column_labels: COLUMNS.map((name) => t(`section_sampling_column.${name}`)),
    rows: labels.map((label, index) => ({ label, values: COLUMNS.map((name) => data.columns[name][index]), limit: 1 })),
  };
  const bars = /** @type {Record<Column, ReturnType<typeof barsFromZero>>} */ (
    Object.fromEntries(COLUMNS.map((name) => [name, barsFromZero(data.columns[name])]))
  );
  return (
    <>
      <Fraction section={section} label={labels[rank]} rank={rank} />
      <Figure data={figure} hint={t("section_sampling_hint")}>
        {(ids) => (
          <div class="sampling-scroll" role="group" aria-labelledby={ids.title} tabIndex={0}>
            <div class="sampling-grid">
              <span />
              {COLUMNS.map((name) => (
                <ColumnHead key={name} name={name} section={section} />
              ))}
              {labels.map((label, index) => (
                <Row
                  key={index}
                  label={label}
                  index={index}
                  data={data}
                  bars={bars}
                  is_pointed={index === rank}
                  onPoint={() => setPointed(index)}
                />
              ))}
            </div>
          </div>
        )}
      </Figure>
    </>
  );
}

/** Name of a step, and what its cut kept and dropped. @param {{name: Column, section: import("../../state/sections_state.js").SectionData}} props */
function ColumnHead({ name, section: { data, options } }) {
  const { state } = usePage();
  const language = state.language.value;
  const stage = data.stages.find((/** @type {import("../../state/types.js").Stage} */ one) => one.name === name);
  const setting = CUTS.has(name) ? options[/** @type {"top_k" | "top_p" | "min_p"} */ (name)] : null;
  return (
    <div class="sampling-grid-head">
      <strong>{t(`section_sampling_column.${name}`)}</strong>
      {name === "scaled" && (
        <span>{t("section_sampling_temperature", { value: formatValue(options.temperature, language, 3) })}</span>
      )}
      {CUTS.has(name) && (
        <>
          <span>{setting === null ? t("sampling.off") : formatValue(setting, language, 3)}</span>
          {setting !== null && <span>{t("section_sampling_kept", { count: stage.kept_count })}</span>}
          {setting !== null && (
            <span>
              {t("section_sampling_masses", {
                kept: formatShare(stage.kept_mass, language),
                dropped: formatShare(stage.dropped_mass, language),
              })}
            </span>
          )}
        </>
      )}
    </div>
  );
}

/**
 * @param {{label: string, index: number, data: any, bars: Record<Column, ReturnType<typeof barsFromZero>>,
 *   is_pointed: boolean, onPoint: () => void}} props
 */
function Row({ label, index, data, bars, is_pointed, onPoint }) {
  const language = usePage().state.language.value;
  return (
    <div class={is_pointed ? "sampling-line pointed" : "sampling-line"} onPointerEnter={onPoint}>
      <button type="button" class="quiet term" aria-pressed={is_pointed} onFocus={onPoint} onClick={onPoint}>
        <TokenLabel label={label} />
      </button>
      {COLUMNS.map((name) => {
        const value = data.columns[name][index];
        const is_share = name !== "logits" && name !== "scaled";
        return (
          <span key={name} class={is_share && value === 0 ? "sampling-cell dropped" : "sampling-cell"}>
            <Bar span={bars[name].spans[index]} zero={bars[name].zero} />
            <span class="share">{is_share ? formatShare(value, language) : formatValue(value, language)}</span>
          </span>
        );
      })}
    </div>
  );
}

/**
 * How the pointed token's probability comes about.
 * @param {{section: import("../../state/sections_state.js").SectionData, label: string, rank: number}} props
 */
function Fraction({ section: { data, options }, label, rank }) {
  const { state } = usePage();
  const language = state.language.value;
  const n = (/** @type {number} */ value) => texNumber(formatValue(value, language));
  const { temperature } = options;
  const [logit, numerator, probability] = [data.columns.logits[rank], data.numerators[rank], data.columns.min_p[rank]];
  const is_kept = probability > 0;
  const parts =
    temperature === 0
      ? [`p = ${is_kept ? "1" : "0"}`]
      : [
          `p = \\frac{e^{${n(logit)} / ${n(temperature)} - ${n(data.largest)}}}{\\sum_{\\mathrm{kept}}} = ${
            is_kept ? `\\frac{${n(numerator)}}{${n(data.denominator_kept)}} = ${n(probability)}` : "0"
          }`,
        ];
  const share = formatShare(data.columns.softmax[rank], language);
  return (
    <div class="sampling-fraction">
      <p>
        <strong>
          <TokenLabel label={label} />
        </strong>{" "}
        {t(is_kept ? "section_sampling_is_kept" : "section_sampling_is_dropped", { share })}
      </p>
      <Formula parts={parts} />
    </div>
  );
}
