import { formatShare, ordinal } from "../format.js";
import { t } from "../i18n/translate.js";
import { AttentionTable } from "./attention_table.jsx";
import { CardSave } from "./card_save.jsx";
import { CardTitle } from "./card_title.jsx";
import { HeatMap } from "./heat_map.jsx";
import { usePage } from "./page_context.js";
import { Prose } from "./prose.jsx";
import { Stepper } from "./stepper.jsx";

/** How much each token looks at each earlier one, in one head of one block. */
export function AttentionFigure() {
  const { state, selectors, actions } = usePage();
  const pattern = state.pattern.value;
  const shape = state.model_shape.value;
  const is_table = state.is_table_shown.value;
  return (
    <section class="card attention" aria-labelledby="attention-title">
      <div class="card-head">
        <CardTitle id="attention-title" words={t("attention.title")} />
        <div class="steppers">
          <Stepper name="block" index={state.layer.value} count={shape?.n_layer ?? 1} onSelect={actions.selectLayer} />
          <Stepper name="head" index={state.head.value} count={shape?.n_head ?? 1} onSelect={actions.selectHead} />
        </div>
      </div>
      <p class="card-intro">
        <Prose words="attention.intro" />
      </p>
      <div class="attention-room" aria-busy={pattern !== null && !selectors.is_pattern_current.value}>
        {pattern ? (
          is_table ? (
            <AttentionTable pattern={pattern} />
          ) : (
            <HeatMap pattern={pattern} />
          )
        ) : (
          <div class="heat-map" aria-hidden="true" />
        )}
      </div>
      <div class="attention-foot">
        <p class="readout" id="attention-readout" aria-live="polite">
          {readoutWords(usePage())}
        </p>
        <button type="button" class="quiet" disabled={!pattern} onClick={actions.toggleTable}>
          {t(is_table ? "attention.as_figure" : "attention.as_table")}
        </button>
        {pattern && <CardSave numbers={() => numbersOf(pattern)} />}
      </div>
    </section>
  );
}

/** @param {import("../state/types.js").Pattern} pattern @returns {import("../layout/figure_numbers.js").NumbersTable} */
function numbersOf({ tokens, tensor, layer, head }) {
  return {
    title: `${t("attention.title")}, ${t("heads.head_name", { block: ordinal(layer), head: ordinal(head) })}`,
    corner: t("attention.table_corner"),
    columns: tokens.map(({ label }) => label),
    rows: tokens.map(({ label }, query) => ({
      label,
      cells: Array.from(tensor.data.subarray(query * tokens.length, query * tokens.length + query + 1)),
    })),
  };
}

/** @param {import("./page_context.js").Page} page */
function readoutWords({ state }) {
  const cell = state.cell.value;
  const pattern = state.pattern.value;
  if (!cell || !pattern?.tokens[cell.query]) return t("attention.hint");
  const { tokens, tensor } = pattern;
  return t("attention.cell", {
    query: tokens[cell.query].label,
    query_position: ordinal(cell.query),
    key: tokens[cell.key].label,
    key_position: ordinal(cell.key),
    share: formatShare(tensor.data[cell.query * tokens.length + cell.key], state.language.value),
  });
}
