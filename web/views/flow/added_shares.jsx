import { formatShare } from "../../format.js";
import { endOf } from "../../layout/flow/columns.js";
import { isInSight, rowMiddle } from "../../layout/flow/rows.js";
import { usePage } from "../page.js";

/**
 * How long what attention and MLP add to one token is, relative to the stream: printed at its ribbons.
 * @param {import("./flow_sheet.jsx").Figure & {height: number}} props
 */
export function AddedShares({ data, layout, rows, height }) {
  const { state, selectors } = usePage();
  const query = Math.min(state.pointed_token.value ?? selectors.query.value, data.run.tokens.length - 1);
  const { attn_out, resid_mid, mlp_post, mlp_out, resid_post } = layout.columns;
  const { contributions, layer } = data;
  if (!contributions || !resid_mid || !mlp_post || !resid_post || !isInSight(rows, query)) return null;
  const share = (/** @type {import("../../state/types.js").Tensor} */ { data: all, shape }) =>
    formatShare(all[layer * shape[1] + query], state.language.value);
  const places = [
    { role: "attention", from: attn_out ? endOf(attn_out) : endOf(layout.card), to: resid_mid.x, words: share(contributions.attention) },
    { role: "mlp", from: endOf(mlp_out ?? mlp_post), to: resid_post.x, words: share(contributions.mlp) },
  ];
  return (
    <svg class="flow-fan" width={layout.width} height={height} aria-hidden="true">
      {places.map(({ role, from, to, words }) => (
        <text key={role} class={`flow-share role-${role}`} x={(from + to) / 2} y={rowMiddle(rows, query) - rows.pitch * 0.5} text-anchor="middle">
          +{words}
        </text>
      ))}
    </svg>
  );
}
