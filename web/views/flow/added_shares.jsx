import { formatShare } from "../../format.js";
import { endOf } from "../../layout/flow/columns.js";
import { isInSight, rowMiddle, stripHeight } from "../../layout/flow/rows.js";
import { usePage } from "../page_context.js";

/**
 * How long what attention and MLP add to one token is, relative to the stream: printed at its ribbons.
 * @param {import("./flow_figure.js").Figure} props
 */
export function AddedShares({ data, layout, rows }) {
  const { state, selectors } = usePage();
  const query = Math.min(state.pointed_token.value ?? selectors.query.value, data.run.tokens.length - 1);
  const { attn_out, resid_mid, mlp_post, mlp_out, resid_post } = layout.columns;
  const { contributions, layer } = data;
  if (!contributions || !resid_mid || !mlp_post || !resid_post || !isInSight(rows, query)) return null;
  const share = (/** @type {import("../../state/types.js").Tensor} */ { data: all, shape }) =>
    formatShare(all[layer * shape[1] + query], state.language.value);
  const places = [
    {
      role: "attention",
      x: (attn_out ? endOf(attn_out) : endOf(layout.card)) + 10,
      words: share(contributions.attention),
    },
    { role: "mlp", x: endOf(mlp_out ?? mlp_post) - 4, words: share(contributions.mlp) },
  ];
  const top = rowMiddle(rows, query) + stripHeight(rows) / 2 + 1;
  return (
    <div class="flow-shares" aria-hidden="true">
      {places.map(({ role, x, words }) => (
        <span key={role} class={`flow-share role-${role}`} style={{ transform: `translate(${x}px, ${top}px)` }}>
          +{words}
        </span>
      ))}
    </div>
  );
}
