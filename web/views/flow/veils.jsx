import { ancestry } from "../../layout/flow/ancestry.js";
import { rowMiddle, tokensInSight } from "../../layout/flow/rows.js";
import { usePage } from "../page.js";
import { useWeights } from "./use_weights.js";

/**
 * Dims what the pointed token does not come from: later tokens altogether, earlier ones by how little of their value
 * it takes. Only this is drawn again while the pointer moves.
 * @param {import("./flow_sheet.jsx").Figure} props
 */
export function Veils({ data, layout, rows }) {
  const { state } = usePage();
  const weights = useWeights(data);
  const pointed = state.pointed_token.value;
  const n_tokens = data.run.tokens.length;
  const { attention_pattern, fan, blocks } = layout.columns;
  if (!weights || !attention_pattern || !fan || !blocks) return null;
  const row = pointed === null ? null : weights.subarray(pointed * n_tokens, (pointed + 1) * n_tokens);
  const before = fan.x - 2;
  const after_x = layout.card.x + layout.card.width;
  return (
    <div class="flow-veils" aria-hidden="true">
      {tokensInSight(rows).map((token, index) => {
        const { source, result } = ancestry(row, pointed, token);
        const top = rowMiddle(rows, token) - rows.pitch / 2;
        const side = (/** @type {number} */ x, /** @type {number} */ width, /** @type {number} */ light) => ({
          transform: `translate(${x}px, ${top}px)`, width: `${width}px`, height: `${rows.pitch}px`, opacity: 1 - light,
        });
        return (
          <div key={index}>
            <div class="flow-veil" style={side(0, before, source)} />
            <div class="flow-veil" style={side(after_x, blocks.x - 4 - after_x, result)} />
          </div>
        );
      })}
    </div>
  );
}
