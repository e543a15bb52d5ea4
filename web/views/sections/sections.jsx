import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { kindOf, stagesOf } from "../../state/kinds.js";
import { SECTION_OF } from "../../state/sections_state.js";
import { CardTitle } from "../card_title.jsx";
import { Icon } from "../icon.jsx";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";
import { Stepper } from "../stepper.jsx";
import { AttentionSection } from "./attention.jsx";
import { EmbeddingSection } from "./embedding.jsx";
import { LayerNormSection } from "./layer_norm.jsx";
import { MlpSection } from "./mlp.jsx";
import { QkvSection } from "./qkv.jsx";
import { RotationSection } from "./rotation.jsx";
import { SamplingSection } from "./sampling.jsx";
import { TokenRow } from "./token_row.jsx";
import { TokensSection } from "./tokens.jsx";
import { UnembeddingSection } from "./unembedding.jsx";
import { useUnfold } from "./use_unfold.js";

/** @typedef {import("./section_props.js").SectionProps} SectionProps */
/** @typedef {import("../../state/sections_state.js").StageName} Name */

/** @type {Record<Name, (props: SectionProps) => import("preact").ComponentChildren>} */
const VIEWS = {
  tokens: TokensSection,
  embedding: EmbeddingSection,
  layer_norm: LayerNormSection,
  qkv: QkvSection,
  rotation: RotationSection,
  attention: AttentionSection,
  mlp: MlpSection,
  unembedding: UnembeddingSection,
  sampling: SamplingSection,
};

/** @type {Set<Name>} */
const WITHOUT_CELLS = new Set(["tokens", "sampling"]);

/** The stage that is unfolded, right under the flow. */
export function Sections() {
  const { state } = usePage();
  const name = state.open_section.value;
  // A stage may be one that the model before had, and this one has not.
  const has_it = stagesOf(state.model_shape.value).some((stage) => stage === name);
  return name && has_it ? <Section key={name} name={/** @type {Name} */ (name)} /> : null;
}

/** @param {{name: Name}} props */
function Section({ name }) {
  const { state, selectors, actions } = usePage();
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  useUnfold(card);
  useEffect(() => {
    const onKeyDown = (/** @type {KeyboardEvent} */ event) =>
      event.key === "Escape" &&
      !event.defaultPrevented &&
      !state.explained_cell.peek() &&
      !state.open_panel.peek() &&
      actions.openSection(null);
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  const View = VIEWS[name];
  const of = SECTION_OF[name];
  const section = state.section.value?.name === name ? state.section.value : null;
  const shape = state.model_shape.value;
  const kind = kindOf(shape, name);
  const is_stored = state.run.value?.is_stored ?? true;
  return (
    <section
      data-tour={`section-${name}`}
      class={`card section section-${name}`}
      ref={card}
      aria-labelledby="section-title"
      tabIndex={-1}
    >
      <div class="card-head">
        <CardTitle id="section-title" words={t(`section_title.${name}`, kind)} />
        <div class="steppers">
          {of.includes("layer") && (
            <Stepper
              name="block"
              index={state.layer.value}
              count={shape?.n_layer ?? 1}
              onSelect={actions.selectLayer}
            />
          )}
          {of.includes("head") && (
            <Stepper name="head" index={state.head.value} count={shape?.n_head ?? 1} onSelect={actions.selectHead} />
          )}
          <button
            type="button"
            class="icon-button"
            aria-label={t("section_close")}
            onClick={() => actions.openSection(null)}
          >
            <Icon name="close" />
          </button>
        </div>
      </div>
      <p class="card-intro">
        <Prose words={`section_intro.${name}`} values={kind} />{" "}
        {!WITHOUT_CELLS.has(name) && <span class="hint">{t("section_hint_explain")}</span>}
      </p>
      {of.includes("position") && <TokenRow />}
      <div class="section-body" aria-busy={!selectors.is_section_current.value}>
        {section && !is_stored ? (
          <View section={section} />
        ) : (
          <p class="hint">{t(is_stored ? "lens.needs_live" : "lens.waiting")}</p>
        )}
      </div>
      <Neighbours name={name} />
    </section>
  );
}

/** The stages before and after this one, so that the way through the model can be walked. @param {{name: Name}} props */
function Neighbours({ name }) {
  const { state, actions } = usePage();
  const shape = state.model_shape.value;
  const names = stagesOf(shape);
  const at = names.indexOf(name);
  const [before, after] = [names[at - 1], names[at + 1]];
  return (
    <nav class="section-neighbours" aria-label={t("section_way")}>
      {before && (
        <button type="button" class="with-icon" onClick={() => actions.openSection(before)}>
          <Icon name="previous" />
          {t(`section_title.${before}`, kindOf(shape, before))}
        </button>
      )}
      {after && (
        <button type="button" class="with-icon section-next" onClick={() => actions.openSection(after)}>
          {t(`section_title.${after}`, kindOf(shape, after))}
          <Icon name="next" />
        </button>
      )}
    </nav>
  );
}
