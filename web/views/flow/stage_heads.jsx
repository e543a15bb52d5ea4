import { t } from "../../i18n/translate.js";
import { endOf } from "../../layout/flow/columns.js";
import { usePage } from "../page_context.js";
import { Stepper } from "../stepper.jsx";

/** @typedef {import("../../layout/flow/columns.js").ColumnName} ColumnName */
/** @typedef {import("../../state/exploring.js").SectionName} SectionName */

/**
 * Names of the stages; each opens its section.
 * @type {{column: ColumnName, section: SectionName, key: string}[]}
 */
const TITLES = [
  { column: "tokens", section: "tokens", key: "tokens" },
  { column: "embedding", section: "embedding", key: "embedding" },
  { column: "blocks", section: "lens", key: "blocks" },
  { column: "next", section: "sampling", key: "next" },
];
/**
 * Names of the columns within the block.
 * @type {{column: ColumnName, section: SectionName, role: string}[]}
 */
const LABELS = [
  { column: "resid_pre", section: "embedding", role: "residual" },
  { column: "ln_1", section: "layer_norm", role: "residual" },
  { column: "query_key", section: "qkv", role: "query_key" },
  { column: "value", section: "qkv", role: "value" },
  { column: "attn_out", section: "attention", role: "attention" },
  { column: "resid_mid", section: "attention", role: "residual" },
  { column: "ln_2", section: "layer_norm", role: "residual" },
  { column: "mlp_post", section: "mlp", role: "mlp" },
  { column: "mlp_out", section: "mlp", role: "mlp" },
  { column: "resid_post", section: "mlp", role: "residual" },
];
// How far a column's name may reach beyond the column on either side.
const OVERHANG_PX = 7;

/** What stands above the rows. @param {import("./flow_figure.js").Figure} props */
export function StageHeads({ layout, rows }) {
  const { state, actions } = usePage();
  const { columns, card, frame } = layout;
  const shape = state.model_shape.value;
  return (
    <div class="flow-heads">
      {TITLES.map(
        ({ column, section, key }) =>
          columns[column] && <StageTitle key={key} name={key} section={section} span={columns[column]} />,
      )}
      <div class="flow-stage" style={{ left: `${frame.x + 6}px`, top: "7px" }}>
        <Stepper name="block" index={state.layer.value} count={shape?.n_layer ?? 1} onSelect={actions.selectLayer} />
      </div>
      <div
        class="flow-stage role-attention"
        style={{ right: `${layout.width - card.x - card.width + 2}px`, top: "11px" }}
      >
        <Stepper name="head" index={state.head.value} count={shape?.n_head ?? 1} onSelect={actions.selectHead} />
      </div>
      <button
        type="button"
        class="flow-title role-attention"
        style={{ left: `${card.x + 4}px` }}
        aria-expanded={state.open_section.value === "attention"}
        onClick={() => actions.openSection("attention")}
      >
        {t(state.is_mean_of_heads.value ? "flow.mean_title" : "attention.title")}
      </button>
      {columns.mlp_post && <StageTitle name="mlp" section="mlp" span={columns.mlp_post} />}
      {dropoutPlaces(layout).map((x) => (
        <span key={x} class="legend-dropout flow-dropout" style={{ left: `${x}px` }} title={t("flow.legend.dropout")} />
      ))}
      {columns.attention_pattern && (
        <span
          class="legend-dropout flow-dropout"
          style={{ left: `${endOf(columns.attention_pattern) - 13}px`, top: `${rows.top + 2}px` }}
          title={t("flow.legend.dropout")}
        />
      )}
      {LABELS.map(({ column, section, role }) => {
        const span = columns[column];
        if (!span) return null;
        return (
          <button
            key={column}
            type="button"
            class={`flow-label role-${role}`}
            style={{ left: `${span.x - OVERHANG_PX}px`, width: `${span.width + 2 * OVERHANG_PX}px` }}
            title={t(`flow.mark.${column}`)}
            onClick={() => actions.openSection(section)}
          >
            {t(`flow.column.${column}`)}
          </button>
        );
      })}
    </div>
  );
}

/**
 * Where training has dropout among the columns: after the embedding, after attention and after the MLP. That of the
 * attention weights stands in the pattern's empty corner.
 * @param {import("../../layout/flow/columns.js").ColumnLayout} layout
 */
function dropoutPlaces({ columns, card }) {
  const { embedding, resid_mid, attn_out, resid_post, mlp_out, mlp_post } = columns;
  const between = (/** @type {number} */ from, /** @type {number | undefined} */ to) =>
    to === undefined ? [] : [(from + to) / 2 - 5];
  return [
    embedding ? [endOf(embedding) + 6] : [],
    between(attn_out ? endOf(attn_out) : endOf(card) + 8, resid_mid?.x),
    mlp_post ? between(endOf(mlp_out ?? mlp_post), resid_post?.x) : [],
  ].flat();
}

/** @param {{name: string, section: SectionName, span: import("../../layout/flow/columns.js").Span}} props */
function StageTitle({ name, section, span }) {
  const { state, actions } = usePage();
  return (
    <button
      type="button"
      class={`flow-title role-${name}`}
      style={name === "tokens" ? {} : { left: `${name === "embedding" ? span.x : span.x + span.width / 2}px` }}
      aria-expanded={state.open_section.value === section}
      onClick={() => actions.openSection(section)}
    >
      {t(`flow.stage.${name}`)}
    </button>
  );
}
