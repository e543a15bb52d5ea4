import { useState } from "preact/hooks";
import { formatNumber, formatShare, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { droppedBy } from "../../layout/sampling.js";
import { moveAlong } from "../arrow_keys.js";
import { Figure } from "../figures/figure_frame.jsx";
import { usePage } from "../page_context.js";
import { TokenLabel } from "../token_label.jsx";
import { Fraction } from "./fraction.jsx";
import { plainNumber } from "./words.js";

/**
 * @typedef {import("../../state/sampling_state.js").Steps} Steps
 * @typedef {import("../../state/types.js").Options} Options
 */

const NUMBERS = /** @type {const} */ (["logits", "scaled"]);
const SHARES = /** @type {const} */ (["own", "softmax", "top_k", "top_p", "min_p"]);
const CUTS = /** @type {const} */ (["top_k", "top_p", "min_p"]);
/** What a column's bars are held against: what came in, or the model's own. @type {Record<string, "own" | "softmax" | "top_k" | "top_p">} */
const BEFORE = { softmax: "own", top_k: "softmax", top_p: "top_k", min_p: "top_p" };

/**
 * Tokens through every step, and the fraction that the one pointed at is.
 * @param {{steps: Steps, options: Options, labelOf: (token_id: number) => string}} props
 */
export function Candidates({ steps, options, labelOf }) {
  const [pointed, setPointed] = useState(0);
  const at = Math.min(pointed, steps.token_ids.length - 1);
  return (
    <>
      <Fraction steps={steps} options={options} label={labelOf(steps.token_ids[at])} index={at} />
      <CandidateTable steps={steps} options={options} labelOf={labelOf} at={at} onPoint={setPointed} />
    </>
  );
}

/**
 * Tokens through every step, on one scale: pale what comes in, solid what the step leaves.
 * @param {{steps: Steps, options: Options, labelOf: (token_id: number) => string, at?: number,
 *   onPoint?: (index: number) => void}} props `at`: the row that is put forward
 */
export function CandidateTable({ steps, options, labelOf, at = -1, onPoint = () => {} }) {
  const { state } = usePage();
  const language = state.language.value;
  const labels = Array.from(steps.token_ids, labelOf);
  const largest = Math.max(...SHARES.map((name) => steps.columns[name][0]));
  const names = [...NUMBERS, ...SHARES];
  const data = {
    title: t("section_sampling_title", {
      listed: formatNumber(steps.listed, language),
      count: formatNumber(steps.vocab_size, language),
    }),
    row_axis: t("section_axis.token"),
    column_axis: t("section_sampling_step"),
    column_labels: names.map((name) => t(`section_sampling_column.${name}`)),
    rows: labels.map((label, index) => ({ label, values: names.map((name) => steps.columns[name][index]), limit: 1 })),
  };
  const rows = (/** @type {number} */ from, /** @type {number} */ to) =>
    labels
      .slice(from, to)
      .map((label, offset) => (
        <Row
          key={from + offset}
          label={label}
          index={from + offset}
          steps={steps}
          largest={largest}
          is_pointed={from + offset === at}
          onPoint={() => onPoint(from + offset)}
        />
      ));
  return (
    <Figure data={data} hint={t("section_sampling_hint")}>
      {(ids) => (
        <div class="sampling-scroll" role="group" aria-labelledby={ids.title} tabIndex={0} onKeyDown={moveAlong}>
          <div class="sampling-grid">
            <span />
            {names.map((name) => (
              <ColumnHead key={name} name={name} steps={steps} options={options} />
            ))}
            {rows(0, steps.listed)}
            <Others steps={steps} />
            {rows(steps.listed, labels.length)}
          </div>
        </div>
      )}
    </Figure>
  );
}

/**
 * Name of a step, its setting, and what its cut kept of what came in.
 * @param {{name: string, steps: Steps, options: Options}} props
 */
function ColumnHead({ name, steps, options }) {
  const language = usePage().state.language.value;
  const cut = CUTS.find((one) => one === name);
  const stage = steps.stages.find((one) => one.name === name);
  const setting = cut ? options[cut] : null;
  return (
    <div class="sampling-grid-head">
      <strong>{t(`section_sampling_column.${name}`)}</strong>
      {name === "scaled" && (
        <span>{t("section_sampling_temperature", { value: plainNumber(options.temperature, language) })}</span>
      )}
      {name === "own" && <span>{t("section_sampling_own")}</span>}
      {name === "min_p" && <span>{t("section_sampling_drawn")}</span>}
      {cut && (
        <>
          <span>{setting === null ? t("sampling.off") : plainNumber(setting, language)}</span>
          {setting !== null && stage && <span>{t("section_sampling_kept", { count: stage.kept_count })}</span>}
          {setting !== null && stage && (
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
 * @param {{label: string, index: number, steps: Steps, largest: number, is_pointed: boolean, onPoint: () => void}} props
 */
function Row({ label, index, steps, largest, is_pointed, onPoint }) {
  const language = usePage().state.language.value;
  const rank = steps.ranks[index];
  const dropped_by = droppedBy(steps.stages, rank);
  const is_asked = index >= steps.listed;
  return (
    <div class={`sampling-line ${is_pointed ? "pointed" : ""} ${is_asked ? "asked" : ""}`} onPointerEnter={onPoint}>
      <button type="button" class="quiet term" aria-pressed={is_pointed} onFocus={onPoint} onClick={onPoint}>
        <TokenLabel label={label} />
        {is_asked && <small>{t("sampling.rank", { rank: formatNumber(ordinal(rank), language) })}</small>}
      </button>
      {NUMBERS.map((name) => (
        <span key={name} class="sampling-number">
          {formatValue(steps.columns[name][index], language)}
        </span>
      ))}
      {SHARES.map((name) => {
        const value = steps.columns[name][index];
        const before = BEFORE[name] ? steps.columns[BEFORE[name]][index] : 0;
        const is_cut = value === 0 && before > 0;
        return (
          <span key={name} class={value === 0 ? "sampling-cell dropped" : "sampling-cell"}>
            <span class="share-bar" aria-hidden="true">
              <span
                class={is_cut ? "share-before cut" : "share-before"}
                style={{ transform: `scaleX(${before / largest})` }}
              />
              <span class="share-after" style={{ transform: `scaleX(${value / largest})` }} />
            </span>
            <span class="share">
              {value === 0 && dropped_by !== null
                ? is_cut
                  ? t(`sampling.dropped_by.${dropped_by}`)
                  : "–"
                : formatShare(value, language)}
            </span>
          </span>
        );
      })}
    </div>
  );
}

/** What all others have together: with them every column adds up. @param {{steps: Steps}} props */
function Others({ steps }) {
  const language = usePage().state.language.value;
  const count = steps.vocab_size - steps.listed;
  if (count <= 0) return null;
  return (
    <div class="sampling-line others">
      <span class="hint">{t("river.others", { count, formatted: formatNumber(count, language) })}</span>
      {NUMBERS.map((name) => (
        <span key={name} />
      ))}
      {SHARES.map((name) => (
        <span key={name} class="sampling-cell">
          <span />
          <span class="share">{formatShare(steps.others[name], language)}</span>
        </span>
      ))}
    </div>
  );
}
