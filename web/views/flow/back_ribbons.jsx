import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { endOf } from "../../layout/flow/columns.js";
import { additionUnit, ribbonPath } from "../../layout/flow/ribbons.js";
import { rowMiddle, stripHeight, tokensInSight } from "../../layout/flow/rows.js";
import { usePage } from "../page_context.js";

/**
 * What runs along every row: the residual stream and its detours, and what attention and MLP add to it, as thick as
 * the length of the addition relative to the stream.
 * @param {import("./flow_figure.js").Figure & {height: number}} props
 */
export function BackRibbons({ data, layout, rows, height }) {
  const { state } = usePage();
  const tokens = tokensInSight(rows);
  const attention = sharesOf(data, "attention", tokens);
  const mlp = sharesOf(data, "mlp", tokens);
  const unit = additionUnit([...attention, ...mlp], rows.pitch);
  const wider = vectorLength(data, "mlp_post") / vectorLength(data, "ln_2") || 1;
  const gap_x = endOf(/** @type {Span} */ (layout.columns.embedding));
  return (
    <svg class="flow-back" width={layout.width} height={height} aria-hidden="true">
      <rect
        class="flow-frame"
        x={layout.frame.x}
        y={1}
        width={layout.frame.width}
        height={rows.top + rows.height + 28}
        rx={14}
      />
      {tokens.map((token, index) => (
        <g key={index}>
          {joins(layout.columns, rowMiddle(rows, token), stripHeight(rows), data.layer > 0).map(([kind, path]) => (
            <path
              key={kind}
              class={kind.startsWith("through") ? "ribbon-thin ribbon-through" : "ribbon-thin"}
              d={path}
            />
          ))}
          {additions(layout, rowMiddle(rows, token), { attention: attention[index], mlp: mlp[index] }, unit).map(
            ([kind, path]) => (
              <path key={kind} class={`ribbon ribbon-${kind.split(" ")[0]}`} d={path} />
            ),
          )}
          {widening(layout.columns, rowMiddle(rows, token), stripHeight(rows), wider).map((path, side) => (
            <path key={side} class="ribbon ribbon-width" d={path} />
          ))}
        </g>
      ))}
      {data.layer > 0 && (
        <text
          class="flow-note"
          text-anchor="middle"
          transform={`translate(${gap_x + 19} ${rows.top + rows.height / 2}) rotate(-90)`}
        >
          {t(data.layer === 1 ? "flow.through_block" : "flow.through_blocks", {
            last: formatNumber(data.layer, state.language.value),
          })}
        </text>
      )}
    </svg>
  );
}

/** @typedef {import("../../layout/flow/columns.js").Span} Span */
/** @typedef {import("../../layout/flow/columns.js").ColumnLayout["columns"]} Columns */

/**
 * Thin lines between a thing and itself: straight along the row, and the stream's way round attention and MLP below it.
 * @param {Columns} columns @param {number} y @param {number} strip_px @param {boolean} is_through earlier blocks
 * @returns {[string, string][]} kind and path
 */
function joins(columns, y, strip_px, is_through) {
  const { embedding, resid_pre, query_key, resid_mid, mlp_post, resid_post, blocks } = columns;
  if (!embedding || !resid_pre || !query_key || !resid_mid || !mlp_post || !resid_post || !blocks) return [];
  const low = y + strip_px / 2 + 2;
  /** @type {(kind: string, from: number, to: number) => [string, string]} */
  const straight = (kind, from, to) => [kind, `M${from},${y}H${to}`];
  /** @type {(kind: string, from: Span, to: Span) => [string, string]} */
  const round = (kind, from, to) => [
    kind,
    `M${endOf(from)},${y}q5,0 5,${(low - y) / 2}t5,${(low - y) / 2}H${to.x - 10}q5,0 5,${(y - low) / 2}t5,${(y - low) / 2}`,
  ];
  return [
    straight(is_through ? "through" : "start", endOf(embedding), resid_pre.x),
    straight("branch to attention", endOf(resid_pre), query_key.x),
    round("round attention", resid_pre, resid_mid),
    straight("branch to MLP", endOf(resid_mid), columns.ln_2?.x ?? endOf(resid_mid) + 4),
    round("round MLP", resid_mid, resid_post),
  ];
}

/**
 * @param {import("../../layout/flow/columns.js").ColumnLayout} layout @param {number} y
 * @param {{attention: number, mlp: number}} shares of the stream's length @param {number} unit px
 * @returns {[string, string][]}
 */
function additions({ columns, card }, y, shares, unit) {
  const { attn_out, resid_mid, mlp_post, mlp_out, resid_post } = columns;
  if (!resid_mid || !mlp_post || !resid_post) return [];
  const band = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ share) => {
    const thickness = Math.max(0, share * unit);
    return ribbonPath({ x: from, y, thickness }, { x: to, y, thickness });
  };
  /** @type {[string, string][]} */
  const paths = [];
  if (Number.isFinite(shares.attention)) {
    paths.push(["attention from heads", band(endOf(card) + 8, attn_out?.x ?? resid_mid.x, shares.attention)]);
    if (attn_out) paths.push(["attention added", band(endOf(attn_out), resid_mid.x, shares.attention)]);
  }
  if (Number.isFinite(shares.mlp)) {
    const from = mlp_out ?? mlp_post;
    paths.push(["mlp added", band(endOf(from), resid_post.x, shares.mlp)]);
  }
  return paths;
}

/**
 * Into the MLP's hidden layer and out of it: as thick as the vector is long, in numbers.
 * @param {Columns} columns @param {number} y @param {number} strip_px @param {number} wider how many times
 */
function widening(columns, y, strip_px, wider) {
  const { ln_2, resid_mid, mlp_post, mlp_out } = columns;
  const from = ln_2 ?? resid_mid;
  if (!from || !mlp_post) return [];
  const narrow = strip_px / wider;
  const paths = [ribbonPath({ x: endOf(from), y, thickness: narrow }, { x: mlp_post.x, y, thickness: strip_px })];
  if (mlp_out)
    paths.push(ribbonPath({ x: endOf(mlp_post), y, thickness: strip_px }, { x: mlp_out.x, y, thickness: narrow }));
  return paths;
}

/** @param {import("../../state/flow_state.js").FlowData} data @param {"attention" | "mlp"} part @param {number[]} tokens */
function sharesOf({ contributions, layer }, part, tokens) {
  const tensor = contributions?.[part];
  return tokens.map((token) => (tensor ? tensor.data[layer * tensor.shape[1] + token] : NaN));
}

/** @param {import("../../state/flow_state.js").FlowData} data @param {string} name */
function vectorLength({ tensors }, name) {
  return tensors.get(name)?.shape.at(-1) ?? NaN;
}
