import { useState } from "preact/hooks";
import { formatShare, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page.js";
import { AttentionFormula } from "./attention_formula.jsx";
import { Matrix } from "./matrix.jsx";
import { Residual } from "./residual.jsx";
import { Vectors } from "./vectors.jsx";

const STEPS = /** @type {const} */ (["products", "scaled", "scores", "pattern"]);
// From this mean weight on the first token on, a note says so.
const SINK_SHARE = 0.5;

/** Scores, scale, mask, softmax; weights x values; heads joined; added. @param {import("./sections.jsx").SectionProps} props */
export function AttentionSection({ section }) {
  const { state, actions } = usePage();
  const [place, setPlace] = useState(/** @type {import("../../layout/matrix.js").Place | null} */ (null));
  const { data, layer, head, position, run } = section;
  const language = state.language.value;
  const labels = run.tokens.map(({ label }) => label);
  const d_head = data.output.data.length;
  const shown = place && place.row < labels.length && place.column < labels.length ? place : null;
  /** @param {import("../../layout/matrix.js").Place | null} next */
  const onPoint = (next) => {
    setPlace(next);
    actions.pointAtToken(next && next.row);
    actions.pointAt(next && next.column <= next.row ? { query: next.row, key: next.column } : null);
  };
  const explain = (/** @type {string} */ name) => (/** @type {import("../../layout/matrix.js").Place} */ { row, column }) =>
    actions.explainCell({ name, layer, head, row, column });
  const weights = data.pattern.data.subarray(position * labels.length, position * labels.length + position + 1);
  return (
    <>
      <AttentionFormula data={data} place={shown ?? { row: position, column: 0 }} n_tokens={labels.length} />
      <SinkNote marks={state.head_marks.value} run={run} layer={layer} head={head} />
      <div class="section-columns section-steps">
        {STEPS.map((step) => (
          <Matrix
            key={step}
            title={t(`section_attention_step.${step}`)}
            note={t(`section_attention_note.${step}`, { d_head, root: formatValue(Math.sqrt(d_head), language) })}
            tensor={data[step]}
            row_labels={labels}
            column_labels={labels}
            row_axis={t("section_axis.query")}
            column_axis={t("section_axis.key")}
            is_sequential={step === "pattern"}
            role="attention"
            pointed={place}
            onPoint={onPoint}
            onExplain={explain(step === "pattern" ? "attention_pattern" : "attention_scores")}
            describe={({ row, column }, value) => t("section_attention_cell", {
              query: labels[row], query_position: ordinal(row), key: labels[column], key_position: ordinal(column),
              value: step === "pattern" ? formatShare(value, language) : formatValue(value, language),
            })}
          />
        ))}
      </div>
      <WeightedValues section={section} labels={labels} weights={weights} />
      <Joined section={section} />
      <Residual section={section} names={["resid_pre", "attn_out", "resid_mid"]} role="attention" />
    </>
  );
}

/**
 * What the head hands on for the chosen token: each value times its weight, summed.
 * @param {import("./sections.jsx").SectionProps & {labels: string[], weights: Float32Array}} props
 */
function WeightedValues({ section, labels, weights }) {
  const language = usePage().state.language.value;
  const { data, layer, head, position } = section;
  const d_head = data.output.data.length;
  const most = Array.from(weights, (weight, key) => ({ weight, key })).sort((a, b) => b.weight - a.weight).slice(0, 6);
  const rows = [
    ...most.map(({ weight, key }, rank) => {
      const words = t("section_attention_value", { share: formatShare(weight, language), label: labels[key], position: ordinal(key) });
      return {
        label: words, words, role: "value", sign: rank ? "+" : "", values: data.values.data.subarray(key * d_head, (key + 1) * d_head),
        cellOf: (/** @type {number} */ column) => ({ name: "value", layer, head, row: key, column }),
      };
    }),
    {
      label: t("arithmetic_tensor.head_output"), words: t("arithmetic_tensor.head_output"), role: "value", sign: "=", values: data.output.data,
      cellOf: (/** @type {number} */ column) => ({ name: "head_output", layer, head, row: position, column }),
    },
  ];
  const rest = weights.length - most.length;
  return (
    <Vectors
      title={t("section_attention_output", { label: labels[position] ?? "" })}
      rows={rows}
      axis={t("section_axis.d_head")}
      note={rest > 0 && t("section_attention_rest", { count: rest })}
    />
  );
}

/** All heads side by side, through W_O back to the width of the stream. @param {import("./sections.jsx").SectionProps} props */
function Joined({ section }) {
  const { data, layer, head, position } = section;
  const d_head = data.output.data.length;
  const joined = {
    label: t("section_attention_joined"), words: t("section_attention_joined"), role: "value", values: data.joined.data,
    mark: { start: head * d_head, stop: (head + 1) * d_head },
    cellOf: (/** @type {number} */ index) => ({ name: "head_output", layer, head: Math.floor(index / d_head), row: position, column: index % d_head }),
  };
  const added = {
    label: t("arithmetic_tensor.attn_out"), words: t("arithmetic_tensor.attn_out"), role: "attention", values: data.added.data, sign: "→",
    cellOf: (/** @type {number} */ column) => ({ name: "attn_out", layer, head: null, row: position, column }),
  };
  return (
    <>
      <Vectors title={t("section_attention_projected")} rows={[joined, added]} axis={t("section_axis.n_embd")} note={t("section_attention_projection")} />
      <Matrix
        title={t("section_attention_by_head")}
        note={t("section_attention_by_head_note")}
        tensor={data.by_head}
        row_labels={Array.from({ length: data.by_head.shape[0] }, (_, index) => t("arithmetic_head", { head: ordinal(index) }))}
        row_axis={t("attention.head")}
        column_axis={t("section_axis.n_embd")}
        role="attention"
      />
    </>
  );
}

/**
 * A head that finds nothing often looks at the first token.
 * @param {{marks: import("../../state/flow.js").HeadMarks | null, run: import("../../state/types.js").Run, layer: number, head: number}} props
 */
function SinkNote({ marks, run, layer, head }) {
  const language = usePage().state.language.value;
  if (marks?.run !== run) return null;
  const { data, shape } = marks.scores;
  const share = data[(layer * shape[1] + head) * shape[2] + marks.marks.indexOf("first_token")];
  return share >= SINK_SHARE ? <p class="section-remark">{t("section_attention_sink", { share: formatShare(share, language) })}</p> : null;
}
