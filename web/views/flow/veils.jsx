import { ancestry } from "../../layout/flow/ancestry.js";
import { endOf } from "../../layout/flow/columns.js";
import { rowMiddle, tokensInSight } from "../../layout/flow/rows.js";
import { usePage } from "../page_context.js";
import { useWeights } from "./use_weights.js";

// The names of the stages stay.
const HEADS_PX = 38;

/**
 * Dims what the pointed token does not come from: later tokens altogether, earlier ones by how little of their value
 * it takes. Only this is drawn again while the pointer moves.
 * @param {import("./flow_figure.js").Figure & {height: number}} props
 */
export function Veils({ data, layout, rows, height }) {
  const { state, selectors } = usePage();
  const weights = useWeights(data);
  const pointed = state.pointed_token.value;
  const n_tokens = data.run.tokens.length;
  const { attention_pattern, fan, blocks } = layout.columns;
  if (!weights || !attention_pattern || !fan || !blocks) return null;
  const row = pointed === null ? null : weights.subarray(pointed * n_tokens, (pointed + 1) * n_tokens);
  const before = fan.x;
  const after_x = layout.card.x + layout.card.width;
  return (
    <div class="flow-veils" aria-hidden="true">
      {tokensInSight(rows).map((token, index) => {
        const { source, result } = ancestry(row, pointed, token);
        const top = rowMiddle(rows, token) - rows.pitch / 2;
        const side = (/** @type {number} */ x, /** @type {number} */ width, /** @type {number} */ light) => ({
          transform: `translate(${x}px, ${top}px)`,
          width: `${width}px`,
          height: `${rows.pitch}px`,
          opacity: 1 - light,
        });
        return (
          <div key={index}>
            <div class="flow-veil" style={side(0, before, source)} />
            <div class="flow-veil" style={side(after_x, blocks.x - 4 - after_x, result)} />
          </div>
        );
      })}
      {/* Beyond the block, all belongs to the chosen token, and the next one to the last. */}
      {[
        { x: blocks.x - 4, stop: endOf(blocks) + 4, is_lit: pointed === null || pointed === selectors.query.value },
        { x: endOf(blocks) + 4, stop: layout.width, is_lit: pointed === null || pointed === n_tokens - 1 },
      ].map(({ x, stop, is_lit }) => (
        <div
          key={x}
          class="flow-veil"
          style={{
            transform: `translate(${x}px, ${HEADS_PX}px)`,
            width: `${stop - x}px`,
            height: `${height - HEADS_PX}px`,
            opacity: is_lit ? 0 : 1,
          }}
        />
      ))}
    </div>
  );
}
