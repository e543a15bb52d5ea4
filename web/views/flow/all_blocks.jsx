import { t } from "../../i18n/translate.js";
import { blockPlaces } from "../../layout/flow/blocks.js";
import { endOf } from "../../layout/flow/columns.js";
import { ribbonPath } from "../../layout/flow/ribbons.js";
import { isInSight, rowMiddle } from "../../layout/flow/rows.js";
import { usePage } from "../page_context.js";
import { BlockButtons } from "./block_buttons.jsx";
import { stepBlocks } from "./block_keys.js";

// Smaller cards leave out what would not fit.
const SMALL_PX = 30;

/**
 * Every block, small. Choosing one opens it in the flow; a thin line leads from the chosen token to the open one.
 * @param {import("./flow_figure.js").Figure & {height: number}} props
 */
export function AllBlocks({ data, layout, rows, height }) {
  const { state, selectors, actions } = usePage();
  const { blocks: span, resid_post } = layout.columns;
  const query = Math.min(selectors.query.value, data.run.tokens.length - 1);
  if (!span || !resid_post) return null;
  const n_layer = state.model_shape.value?.n_layer ?? 1;
  const places = blockPlaces(n_layer, { top: 40, height: height - 52 });
  const here = places.ys[data.layer] + places.height / 2;
  const join =
    isInSight(rows, query) &&
    ribbonPath(
      { x: endOf(resid_post), y: rowMiddle(rows, query), thickness: 1.5 },
      { x: span.x, y: here, thickness: 1.5 },
    );
  return (
    <>
      <svg class="flow-back" width={layout.width} height={height} aria-hidden="true">
        {join && <path class="ribbon ribbon-self" d={join} style={{ d: `path("${join}")` }} />}
      </svg>
      <ol
        class={places.height < SMALL_PX ? "flow-blocks flow-blocks-small" : "flow-blocks"}
        aria-label={t("flow.stage.blocks")}
        data-part="blocks"
        style={{ left: `${span.x}px`, width: `${span.width}px`, height: `${places.ys[n_layer - 1] + places.height}px` }}
        onKeyDown={(event) => stepBlocks(event, state.layer.value, n_layer, actions.selectLayer)}
      >
        <BlockButtons
          data={data}
          query={query}
          placeOf={(layer) => ({ top: `${places.ys[layer]}px`, height: `${places.height}px` })}
        />
      </ol>
    </>
  );
}
