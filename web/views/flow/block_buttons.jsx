import { formatNumber, formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";

// The first blocks may add several times the length of the embedding. Bars end at as long as the stream; what goes beyond
// has a mark.
const FULL_SHARE = 1;

/**
 * A button for each block: what its attention and its MLP add to a token's residual stream, and what the model would say
 * if it stopped there.
 * @param {{data: import("../../state/flow_state.js").FlowData, query: number,
 *   placeOf?: (layer: number) => Record<string, string>}} props `placeOf`: the style that puts a block in its place
 */
export function BlockButtons({ data, query, placeOf }) {
  const { state, actions } = usePage();
  const { attention, mlp } = sharesOf(data, query);
  const longest = Math.min(FULL_SHARE, Math.max(...attention, ...mlp, 1e-9));
  const bar = (/** @type {string} */ role, /** @type {number} */ share) => (
    <span
      class={`flow-bar bar-${role}${share > longest ? " bar-beyond" : ""}`}
      style={{ transform: `scaleX(${Math.min(1, share / longest)})` }}
    />
  );
  return (
    <>
      {Array.from({ length: state.model_shape.value?.n_layer ?? 1 }, (_, layer) => (
        <li key={layer} style={placeOf?.(layer)}>
          <button
            type="button"
            class="flow-block"
            aria-pressed={layer === data.layer}
            tabIndex={layer === state.layer.value ? 0 : -1}
            title={words(state.language.value, layer, attention[layer], mlp[layer])}
            onClick={() => actions.selectLayer(layer)}
          >
            <span class="flow-block-name">
              <span>{formatNumber(ordinal(layer), state.language.value)}</span>
              <Guess run={data.run} layer={layer} query={query} />
            </span>
            {attention.length > 0 && (
              <span class="flow-block-bars">
                {bar("attention", attention[layer])}
                {bar("mlp", mlp[layer])}
              </span>
            )}
            <span class="visually-hidden">{words(state.language.value, layer, attention[layer], mlp[layer])}</span>
          </button>
        </li>
      ))}
    </>
  );
}

/**
 * The likeliest token of the residual stream that leaves a block, through the same final norm and unembedding.
 * @param {{run: import("../../state/types.js").Run, layer: number, query: number}} props
 */
function Guess({ run, layer, query }) {
  const lens = usePage().state.lens.value;
  if (lens?.run !== run) return null;
  return <bdi class="flow-guess">{lens.columns.get(query)?.labels[layer + 1]}</bdi>;
}

/** @param {import("../../state/flow_state.js").FlowData} data @param {number} position */
function sharesOf({ contributions }, position) {
  const column = (/** @type {import("../../state/types.js").Tensor | undefined} */ tensor) =>
    tensor
      ? Array.from({ length: tensor.shape[0] }, (_, layer) => tensor.data[layer * tensor.shape[1] + position])
      : [];
  return { attention: column(contributions?.attention), mlp: column(contributions?.mlp) };
}

/** @param {import("../../state/types.js").Language} language @param {number} layer @param {number} attention @param {number} mlp */
function words(language, layer, attention, mlp) {
  const block = formatNumber(ordinal(layer), language);
  if (attention === undefined) return t("flow.block_name", { block });
  return t("flow.block_adds", { block, attention: formatShare(attention, language), mlp: formatShare(mlp, language) });
}
