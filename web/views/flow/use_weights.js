import { useMemo } from "preact/hooks";
import { meanOverFirst, sliceLayer } from "../../layout/flow/tensors.js";
import { usePage } from "../page_context.js";

/**
 * The attention weights that are drawn: of the chosen head, or the mean over all heads.
 * @param {import("../../state/flow_state.js").FlowData} data
 * @returns {Float32Array | null} [query, key], null where the tensor is not at hand
 */
export function useWeights(data) {
  const { state } = usePage();
  const [head, is_mean] = [state.head.value, state.is_mean_of_heads.value];
  return useMemo(() => {
    const pattern = data.tensors.get("attention_pattern");
    if (!pattern) return null;
    return (is_mean ? meanOverFirst(pattern) : sliceLayer(pattern, head)).data;
  }, [data, head, is_mean]);
}
