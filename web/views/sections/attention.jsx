import { useMemo } from "preact/hooks";
import { formatShare, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { Matrix } from "../figures/matrix.jsx";
import { useTensorWords } from "../figures/use_tensor_words.js";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";
import { Workbench } from "../workbench/workbench.jsx";
import { WorkbenchButton } from "../workbench/workbench_button.jsx";
import { AttentionSteps } from "./attention_steps.jsx";
import { Residual } from "./residual.jsx";

// From this mean weight on the first token on, a note says so.
const SINK_SHARE = 0.5;
// The values with the largest weights are listed.
const LISTED = 6;

/** Scores, scale, mask, softmax; weights x values; heads joined; added. @param {import("./section_props.js").SectionProps} props */
export function AttentionSection({ section }) {
  return (
    <>
      <SinkNote section={section} />
      <AttentionSteps section={section} />
      <WorkbenchButton kind="attention" />
      <Workbench kind="attention" />
      <WeightedValues section={section} />
      <Joined section={section} />
      <Residual section={section} names={["resid_pre", "attn_out", "resid_mid"]} role="attention" />
    </>
  );
}

/**
 * What the head hands on for the chosen token: each value times its weight, summed.
 * @param {import("./section_props.js").SectionProps} props
 */
function WeightedValues({ section }) {
  const language = usePage().state.language.value;
  const tensorWords = useTensorWords();
  const { data, layer, head, position, run } = section;
  const n_tokens = data.pattern.shape[0];
  const weights = data.pattern.data.subarray(position * n_tokens, position * n_tokens + position + 1);
  const d_head = data.output.data.length;
  const most = Array.from(weights, (weight, key) => ({ weight, key }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, LISTED);
  const rows = [
    ...most.map(({ weight, key }, rank) => {
      const words = t("section_attention_value", {
        share: formatShare(weight, language),
        label: run.tokens[key].label,
        position: ordinal(key),
        length: formatValue(data.value_lengths.data[key], language, 3),
      });
      return {
        label: words,
        words,
        role: "value",
        sign: rank ? "+" : "",
        values: data.values.data.subarray(key * d_head, (key + 1) * d_head),
        cellOf: (/** @type {number} */ column) => ({
          name: "value",
          layer,
          head: data.value_head,
          row: key,
          column,
        }),
      };
    }),
    {
      label: tensorWords("head_output"),
      words: tensorWords("head_output"),
      role: "value",
      sign: "=",
      values: data.output.data,
      cellOf: (/** @type {number} */ column) => ({ name: "head_output", layer, head, row: position, column }),
    },
  ];
  const rest = weights.length - most.length;
  const lengths = data.value_lengths.data;
  const amounts = Array.from(weights, (weight, key) => weight * lengths[key]);
  const source = amounts.indexOf(Math.max(...amounts));
  return (
    <Vectors
      title={t("section_attention_output", { label: run.tokens[position].label })}
      rows={rows}
      axis={t("section_axis.d_head")}
      note={
        <>
          {rest > 0 && t("section_attention_rest", { count: rest })}{" "}
          {source !== most[0].key && (
            <Prose
              words="section_attention_amount"
              values={{ label: run.tokens[source].label, position: ordinal(source) }}
            />
          )}
        </>
      }
    />
  );
}

/** All heads side by side, through W_O back to the width of the stream. @param {import("./section_props.js").SectionProps} props */
function Joined({ section }) {
  const tensorWords = useTensorWords();
  const { data, layer, head, position } = section;
  const d_head = data.output.data.length;
  const n_heads = data.by_head.shape[0];
  const head_labels = useMemo(
    () => Array.from({ length: n_heads }, (_, index) => t("arithmetic_head", { head: ordinal(index) })),
    [n_heads, t("arithmetic_head")],
  );
  const with_bias = { context: data.bias ? "with_bias" : "without_bias" };
  const joined = {
    label: t("section_attention_joined"),
    words: t("section_attention_joined"),
    role: "value",
    values: data.joined.data,
    mark: { start: head * d_head, stop: (head + 1) * d_head },
    cellOf: (/** @type {number} */ index) => ({
      name: "head_output",
      layer,
      head: Math.floor(index / d_head),
      row: position,
      column: index % d_head,
    }),
  };
  const added = {
    label: tensorWords("attn_out"),
    words: tensorWords("attn_out"),
    role: "attention",
    values: data.added.data,
    sign: "→",
    cellOf: (/** @type {number} */ column) => ({ name: "attn_out", layer, head: null, row: position, column }),
  };
  return (
    <>
      <Vectors
        title={t("section_attention_projected")}
        rows={[joined, added]}
        axis={t("section_axis.n_embd")}
        note={t("section_attention_projection", with_bias)}
      />
      <Matrix
        title={t("section_attention_by_head")}
        note={t("section_attention_by_head_note", with_bias)}
        tensor={data.by_head}
        row_labels={head_labels}
        row_axis={t("attention.head")}
        column_axis={t("section_axis.n_embd")}
        role="attention"
      />
    </>
  );
}

/**
 * A head that finds nothing often looks at the first token.
 * @param {import("./section_props.js").SectionProps} props
 */
function SinkNote({ section: { run, layer, head } }) {
  const { state } = usePage();
  const marks = state.head_marks.value;
  if (marks?.run !== run) return null;
  const { data, shape } = marks.scores;
  const first_token = marks.marks.indexOf("first_token");
  const share = data[(layer * shape[1] + head) * shape[2] + first_token];
  if (!(share >= SINK_SHARE)) return null;
  return (
    <p class="section-remark">
      <Prose
        words="section_attention_sink"
        values={{ share: formatShare(share, state.language.value), count: marks.counts[first_token] }}
      />
    </p>
  );
}
