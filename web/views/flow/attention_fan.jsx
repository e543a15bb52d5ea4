import { useMemo } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { endOf } from "../../layout/flow/columns.js";
import { attentionRibbons, outputBox, ribbonPath } from "../../layout/flow/ribbons.js";
import { rowMiddle } from "../../layout/flow/rows.js";
import { joinedAt, vectorAt } from "../../layout/flow/tensors.js";
import { usePage } from "../page_context.js";
import { Strip } from "../strip.jsx";
import { useWeights } from "./use_weights.js";

/**
 * From the values of the tokens into the head's output of one token: ribbons as thick as the attention weights of its
 * row. Follows the pointer by itself, without anything else being drawn again.
 * @param {import("./flow_figure.js").Figure & {height: number}} props
 */
export function AttentionFan({ data, layout, rows, height }) {
  const { state, selectors, actions } = usePage();
  const weights = useWeights(data);
  const { value, head_output } = layout.columns;
  const n_tokens = data.run.tokens.length;
  const query = Math.min(state.pointed_token.value ?? selectors.query.value, n_tokens - 1);
  const [head, is_mean] = [state.head.value, state.is_mean_of_heads.value];
  const at = state.pointed_value.value;
  const pointed_key = at?.name === "attention_pattern" ? at.index : null;
  const output = useMemo(() => {
    const outputs = data.tensors.get("head_output");
    // A mean over heads has no output of its own: what goes on are the outputs of all, side by side.
    return outputs ? (is_mean ? joinedAt(outputs, query) : vectorAt(outputs, [head, query])) : null;
  }, [data, head, is_mean, query]);
  if (!weights || !value || !head_output) return null;
  const row = weights.subarray(query * n_tokens, (query + 1) * n_tokens);
  const ribbons = attentionRibbons(row, query, rows, { from_x: endOf(value), to_x: head_output.x });
  const box = outputBox(rows, query);
  const [left, out_x] = [endOf(value), Math.ceil(endOf(layout.card)) + 8];
  const leave = ribbonPath(
    { x: endOf(head_output), y: box.y + box.height / 2, thickness: 1.5 },
    { x: out_x, y: rowMiddle(rows, query), thickness: 1.5 },
  );
  return (
    <>
      <svg
        // While the pointer leads, ribbons follow at once.
        class={state.pointed_token.value === null ? "flow-fan" : "flow-fan following"}
        style={{ left: `${left}px` }}
        width={out_x - left}
        height={height}
        viewBox={`${left} 0 ${out_x - left} ${height}`}
        aria-hidden="true"
      >
        {ribbons.map(({ key, weight, path }) => (
          <path
            key={key}
            class={key === pointed_key ? "ribbon ribbon-value pointed" : "ribbon ribbon-value"}
            data-key={key}
            data-weight={weight}
            d={path}
            style={{ d: `path("${path}")` }}
          />
        ))}
        <path class="ribbon ribbon-self" d={leave} style={{ d: `path("${leave}")` }} />
      </svg>
      <button
        type="button"
        class="flow-output"
        style={{
          left: `${head_output.x}px`,
          top: `${box.y}px`,
          width: `${head_output.width}px`,
          height: `${box.height}px`,
        }}
        title={t(is_mean ? "flow.outputs_of" : "flow.output_of", { label: data.run.tokens[query].label })}
        aria-label={t(is_mean ? "flow.outputs_of" : "flow.output_of", { label: data.run.tokens[query].label })}
        onClick={() => actions.openSection("attention")}
      >
        {output && (
          <Strip values={output} width={head_output.width - 3} height={box.height - 3} label="" role="value" />
        )}
      </button>
    </>
  );
}
