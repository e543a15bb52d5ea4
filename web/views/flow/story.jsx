import { formatShare, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { laneOf } from "../../layout/flow/strips.js";
import { vectorAt } from "../../layout/flow/tensors.js";
import { scaleLimit } from "../../layout/strip.js";
import { usePage } from "../page_context.js";
import { Stepper } from "../stepper.jsx";
import { Strip } from "../strip.jsx";
import { TokenLabel } from "../token_label.jsx";
import { BlockButtons } from "./block_buttons.jsx";
import { stepBlocks } from "./block_keys.js";
import { useWeights } from "./use_weights.js";

const STRIP_PX = 18;
const SOURCES = 6;

/** @typedef {{name: string, section: import("../../state/exploring.js").SectionName, role: string}} Step */

/** @type {Step[]} */
const BEFORE = [{ name: "embedding", section: "embedding", role: "residual" }];
/** @type {Step[]} */
const TO_ATTENTION = [
  { name: "resid_pre", section: "embedding", role: "residual" },
  { name: "ln_1", section: "layer_norm", role: "residual" },
  { name: "query", section: "qkv", role: "query" },
  { name: "key", section: "qkv", role: "key" },
  { name: "value", section: "qkv", role: "value" },
];
/** @type {Step[]} */
const AFTER_ATTENTION = [
  { name: "head_output", section: "attention", role: "value" },
  { name: "attn_out", section: "attention", role: "attention" },
  { name: "resid_mid", section: "attention", role: "residual" },
];
/** @type {Step[]} */
const MLP = [
  { name: "ln_2", section: "layer_norm", role: "residual" },
  { name: "mlp_post", section: "mlp", role: "mlp" },
  { name: "mlp_out", section: "mlp", role: "mlp" },
  { name: "resid_post", section: "mlp", role: "residual" },
];
/** @type {Step[]} */
const LAST = [{ name: "ln_f", section: "unembedding", role: "residual" }];

/**
 * The flow on a narrow screen: stage after stage, for the chosen token.
 * @param {{data: import("../../state/flow_state.js").FlowData, width: number}} props
 */
export function Story({ data, width }) {
  const { state, selectors, actions } = usePage();
  const shape = state.model_shape.value;
  const { tokens } = data.run;
  const query = Math.min(selectors.query.value, tokens.length - 1);
  const steps = { data, query, width: width - 26 };
  return (
    <div class="story">
      <p class="story-token">
        {t("flow.story.of")}{" "}
        <strong>
          <TokenLabel label={tokens[query].label} />
        </strong>{" "}
        <span class="hint">{t("flow.story.choose")}</span>
      </p>
      <Chapter title={t("flow.stage.embedding")}>
        <Steps steps={BEFORE} {...steps} />
      </Chapter>
      <div class="story-block">
        <div class="steppers story-steppers">
          <Stepper name="block" index={state.layer.value} count={shape?.n_layer ?? 1} onSelect={actions.selectLayer} />
          <Stepper name="head" index={state.head.value} count={shape?.n_head ?? 1} onSelect={actions.selectHead} />
        </div>
        <Chapter title={t("attention.title")}>
          <Steps steps={TO_ATTENTION} {...steps} />
          <Sources data={data} query={query} />
          <Steps steps={AFTER_ATTENTION} {...steps} />
        </Chapter>
        <Chapter title={t("flow.stage.mlp")}>
          <Steps steps={MLP} {...steps} />
        </Chapter>
        <Chapter title={t("flow.stage.blocks")}>
          <ol
            class="story-blocks"
            data-part="blocks"
            onKeyDown={(event) => stepBlocks(event, state.layer.value, shape?.n_layer ?? 1, actions.selectLayer)}
          >
            <BlockButtons data={data} query={query} />
          </ol>
        </Chapter>
      </div>
      <Chapter title={t("flow.story.last")}>
        <Steps steps={LAST} {...steps} />
      </Chapter>
    </div>
  );
}

/** @param {{title: string, children: import("preact").ComponentChildren}} props */
function Chapter({ title, children }) {
  return (
    <section class="story-chapter">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** @param {{steps: Step[], data: import("../../state/flow_state.js").FlowData, query: number, width: number}} props */
function Steps({ steps, data, query, width }) {
  const { state, actions } = usePage();
  return (
    <>
      {steps.map(({ name, section, role }) => {
        const lane = laneOf(data.tensors, name, data.layer, state.head.value);
        if (!lane) return null;
        const values = vectorAt(lane.tensor, [query]);
        return (
          <button
            key={name}
            type="button"
            class={`story-step role-${role}`}
            data-part={name}
            onClick={() => actions.openSection(section)}
          >
            <span class="story-name">
              {t(`flow.tensor.${name}`)}
              <span class="story-range">±{formatValue(scaleLimit(values), state.language.value, 2)}</span>
            </span>
            <Strip values={values} width={width} height={STRIP_PX} label="" role={role} />
          </button>
        );
      })}
    </>
  );
}

/** Which tokens the head reads most, as bars. @param {{data: import("../../state/flow_state.js").FlowData, query: number}} props */
function Sources({ data, query }) {
  const { state, actions } = usePage();
  const weights = useWeights(data);
  const { tokens } = data.run;
  if (!weights) return null;
  const most = Array.from({ length: query + 1 }, (_, key) => ({ key, weight: weights[query * tokens.length + key] }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, SOURCES);
  return (
    <div class="story-sources">
      <p>{t(state.is_mean_of_heads.value ? "flow.story.all_read" : "flow.story.reads")}</p>
      <ol>
        {most.map(({ key, weight }) => (
          <li key={key}>
            <button
              type="button"
              // A mean over heads is no single sum of the model's.
              aria-disabled={state.is_mean_of_heads.value}
              onClick={() =>
                state.is_mean_of_heads.value ||
                actions.explainCell({
                  name: "attention_pattern",
                  layer: data.layer,
                  head: state.head.value,
                  row: query,
                  column: key,
                })
              }
            >
              <span class="story-source">
                <TokenLabel label={tokens[key].label} /> <span class="hint">{ordinal(key)}</span>
              </span>
              <span class="bar" aria-hidden="true">
                <span class="bar-length bar-value" style={{ transform: `scaleX(${weight})` }} />
              </span>
              <span class="share">{formatShare(weight, state.language.value)}</span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
