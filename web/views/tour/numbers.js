import { formatNumber, formatShare, ordinal } from "../../format.js";

// Stands where a number has not arrived yet.
const UNKNOWN = "…";

/**
 * What the words of the tour say of this model and this text: counts, the chosen token and what it reads most, what is
 * added to its stream, the likeliest next token.
 * @param {import("../page_context.js").Page} page
 * @returns {Record<string, string>}
 */
export function tourNumbers({ state, selectors }) {
  const language = state.language.value;
  const [flow, prediction] = [state.flow.value, state.prediction.value];
  // Of what is drawn, which may still be that of an earlier choice.
  const run = flow?.run ?? state.run.value;
  const count = (/** @type {number | undefined} */ number) =>
    number === undefined ? UNKNOWN : formatNumber(number, language);
  const share = (/** @type {number | undefined} */ number) =>
    number === undefined ? UNKNOWN : formatShare(number, language);
  const width = (/** @type {string} */ name) => count(flow?.tensors.get(name)?.shape.at(-1));
  const query = Math.min(selectors.query.value, (run?.tokens.length ?? 1) - 1);
  const most = mostRead(flow, state.head.value, query);
  const likeliest = prediction?.candidates[0];
  return {
    model: selectors.model.value?.display_name ?? UNKNOWN,
    n_layer: count(state.model_shape.value?.n_layer),
    n_head: count(state.model_shape.value?.n_head),
    n_embd: width("resid_pre"),
    d_head: width("query"),
    d_mlp: width("mlp_post"),
    vocab_size: count(prediction?.vocab_size),
    n_tokens: count(run?.tokens.length),
    block: count(ordinal(flow?.layer ?? state.layer.value)),
    head: count(ordinal(state.head.value)),
    query: run?.tokens[query]?.label ?? UNKNOWN,
    key: run?.tokens[most?.key ?? -1]?.label ?? UNKNOWN,
    weight: share(most?.weight),
    attention_adds: share(added(flow, "attention", query)),
    mlp_adds: share(added(flow, "mlp", query)),
    next: likeliest?.label ?? UNKNOWN,
    share: share(likeliest && (likeliest.is_kept ? likeliest.probability : likeliest.share)),
  };
}

/** @param {import("../../state/flow_state.js").FlowData | null} flow @param {number} head @param {number} query */
function mostRead(flow, head, query) {
  const pattern = flow?.tensors.get("attention_pattern");
  if (!pattern) return null;
  const [, n_query, n_key] = pattern.shape;
  const start = (head * n_query + query) * n_key;
  const weights = pattern.data.subarray(start, start + n_key);
  const weight = Math.max(...weights);
  return { key: weights.indexOf(weight), weight };
}

/** @param {import("../../state/flow_state.js").FlowData | null} flow @param {"attention" | "mlp"} part @param {number} query */
function added(flow, part, query) {
  const shares = flow?.contributions?.[part];
  return flow && shares ? shares.data[flow.layer * shares.shape[1] + query] : undefined;
}
