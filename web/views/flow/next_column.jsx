import { formatShare } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { barLengths, firstDropped } from "../../layout/bars.js";
import { blockPlaces, candidatePlaces } from "../../layout/flow/blocks.js";
import { endOf } from "../../layout/flow/columns.js";
import { predictionRibbons } from "../../layout/flow/ribbons.js";
import { laneOf } from "../../layout/flow/strips.js";
import { vectorAt } from "../../layout/flow/tensors.js";
import { moveAlong } from "../arrow_keys.js";
import { usePage } from "../page_context.js";
import { Strip } from "../strip.jsx";
import { TokenLabel } from "../token_label.jsx";

const TOP_PX = 92;

/**
 * From the last block through the final layer norm and the unembedding to the likeliest next tokens; a ribbon as thick as
 * the probability leads to each.
 * @param {import("./flow_figure.js").Figure & {height: number}} props
 */
export function NextColumn({ data, layout, height }) {
  const { state, selectors, actions } = usePage();
  const { blocks, next: span } = layout.columns;
  const prediction = state.prediction.value;
  if (!blocks || !span) return null;
  const lane = laneOf(data.tensors, "ln_f", data.layer, 0);
  const places = candidatePlaces(prediction?.candidates.length ?? 0, { top: TOP_PX, height: height - TOP_PX - 28 });
  const shown = prediction?.candidates.slice(0, places.ys.length) ?? [];
  const shares = shown.map(({ is_kept, probability, share }) => (is_kept ? probability : share));
  const lengths = barLengths(shares);
  const cut = firstDropped(shown);
  const n_layer = state.model_shape.value?.n_layer ?? 1;
  const { ys, height: block_px } = blockPlaces(n_layer, { top: 40, height: height - 52 });
  const from = { x: endOf(blocks), y: ys[n_layer - 1] + block_px / 2, thickness: block_px };
  const is_open = selectors.is_live.value && !selectors.is_full.value;
  return (
    <>
      <svg class="flow-back" width={layout.width} height={height} aria-hidden="true">
        {predictionRibbons(
          shown.map(({ is_kept, probability }) => (is_kept ? probability : 0)),
          from,
          { x: span.x, ys: places.ys },
        ).map((path, rank) => (
          <path key={rank} class="ribbon ribbon-prediction" d={path} style={{ d: `path("${path}")` }} />
        ))}
      </svg>
      <button
        type="button"
        class="flow-label flow-final"
        style={{ left: `${span.x}px`, width: `${span.width}px` }}
        title={t("flow.mark.ln_f")}
        onClick={() => actions.openSection("unembedding")}
      >
        {lane && (
          <Strip
            values={vectorAt(lane.tensor, [data.run.tokens.length - 1])}
            width={span.width}
            height={12}
            label={t("flow.tensor.ln_f")}
          />
        )}
        <span>{t("flow.column.ln_f")}</span>
      </button>
      <ol class="flow-next" aria-label={t("next_token.title")} onKeyDown={moveAlong}>
        {shown.map((candidate, rank) => (
          <li
            key={rank}
            class={candidate.is_kept ? "" : "dropped"}
            style={{
              left: `${span.x}px`,
              width: `${span.width}px`,
              top: `${places.ys[rank] - places.pitch / 2}px`,
              height: `${places.pitch}px`,
            }}
          >
            <button
              type="button"
              class={rank === cut ? "flow-candidate after-cut" : "flow-candidate"}
              aria-disabled={!is_open}
              tabIndex={rank === 0 ? 0 : -1}
              onClick={() => is_open && actions.choose(candidate.token_id)}
            >
              <TokenLabel label={candidate.label} />
              <span class="bar" aria-hidden="true">
                <span class="bar-length" style={{ transform: `scaleX(${lengths[rank]})` }} />
              </span>
              <span class="share">{formatShare(shares[rank], state.language.value)}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
