import { formatNumber, formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { ribbonPath } from "../../layout/flow/ribbons.js";
import { endOf } from "../../layout/flow/columns.js";
import { isInSight, rowMiddle } from "../../layout/flow/rows.js";
import { blockPlaces } from "../../layout/flow/blocks.js";
import { moveAlong } from "../arrow_keys.js";
import { usePage } from "../page.js";

// The first blocks may add several times the length of the embedding. Bars end at as long as the stream; what goes beyond
// has a mark.
const FULL_SHARE = 1;

/**
 * Every block, small: what its attention and its MLP add to the chosen token's residual stream, and what the model would
 * say if it stopped there. Choosing one opens it in the flow.
 * @param {import("./flow_sheet.jsx").Figure & {height: number}} props
 */
export function AllBlocks({ data, layout, rows, height }) {
  const { state, selectors, actions } = usePage();
  const { blocks: span, resid_post } = layout.columns;
  const n_layer = state.model_shape.value?.n_layer ?? 1;
  const n_tokens = data.run.tokens.length;
  const query = Math.min(selectors.query.value, n_tokens - 1);
  if (!span || !resid_post) return null;
  const places = blockPlaces(n_layer, { top: 40, height: height - 52 });
  const { attention, mlp } = sharesOf(data, query);
  const longest = Math.min(FULL_SHARE, Math.max(...attention, ...mlp, 1e-9));
  const bar = (/** @type {number} */ share) => ({
    class: share > longest ? " bar-beyond" : "", style: { transform: `scaleX(${Math.min(1, share / longest)})` },
  });
  const here = places.ys[data.layer] + places.height / 2;
  const join = isInSight(rows, query) && ribbonPath(
    { x: endOf(resid_post), y: rowMiddle(rows, query), thickness: 1.5 }, { x: span.x, y: here, thickness: 1.5 },
  );
  return (
    <>
      <svg class="flow-back" width={layout.width} height={height} aria-hidden="true">
        {join && <path class="ribbon ribbon-self" d={join} style={{ d: `path("${join}")` }} />}
      </svg>
      <ol
        class={places.height < 30 ? "flow-blocks flow-blocks-small" : "flow-blocks"}
        aria-label={t("flow.stage.blocks")}
        style={{ left: `${span.x}px`, width: `${span.width}px` }}
        onKeyDown={moveAlong}
      >
        {places.ys.map((y, layer) => (
          <li key={layer} style={{ top: `${y}px`, height: `${places.height}px` }}>
            <button
              type="button"
              class="flow-block"
              aria-pressed={layer === state.layer.value}
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
                  <span class={`flow-bar bar-attention${bar(attention[layer]).class}`} style={bar(attention[layer]).style} />
                  <span class={`flow-bar bar-mlp${bar(mlp[layer]).class}`} style={bar(mlp[layer]).style} />
                </span>
              )}
              <span class="visually-hidden">{words(state.language.value, layer, attention[layer], mlp[layer])}</span>
            </button>
          </li>
        ))}
      </ol>
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

/** @param {import("../../state/flow.js").FlowData} data @param {number} position */
function sharesOf({ contributions }, position) {
  const column = (/** @type {import("../../state/types.js").Tensor | undefined} */ tensor) =>
    tensor ? Array.from({ length: tensor.shape[0] }, (_, layer) => tensor.data[layer * tensor.shape[1] + position]) : [];
  return { attention: column(contributions?.attention), mlp: column(contributions?.mlp) };
}

/** @param {import("../../state/types.js").Language} language @param {number} layer @param {number} attention @param {number} mlp */
function words(language, layer, attention, mlp) {
  const block = formatNumber(ordinal(layer), language);
  if (attention === undefined) return t("flow.block_name", { block });
  return t("flow.block_adds", { block, attention: formatShare(attention, language), mlp: formatShare(mlp, language) });
}
