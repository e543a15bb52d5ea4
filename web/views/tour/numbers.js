import { formatNumber, formatShare, formatValue, ordinal } from "../../format.js";

// Stands where a number has not arrived yet.
const UNKNOWN = "…";

/**
 * What the words of the tour say of this model and this text: counts, the chosen token and what it reads most, what its
 * stream becomes and what is added to it, the likeliest next token.
 * @param {import("../page_context.js").Page} page
 * @returns {import("../../i18n/translate.js").Values} `count` of tokens chooses the form of words
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
  const kept = cosineThroughBlock(flow, query);
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
    count: run?.tokens.length ?? 0,
    block: count(ordinal(flow?.layer ?? state.layer.value)),
    head: count(ordinal(state.head.value)),
    query: run?.tokens[query]?.label ?? UNKNOWN,
    key: run?.tokens[most?.key ?? -1]?.label ?? UNKNOWN,
    source: run?.tokens[most?.source ?? -1]?.label ?? UNKNOWN,
    weight: share(most?.weight),
    attention_adds: share(added(flow, "attention", query)),
    mlp_adds: share(added(flow, "mlp", query)),
    cosine: kept === null ? UNKNOWN : formatValue(kept, language, 2),
    own_share: share(ownShare(state)),
    next: likeliest?.label ?? UNKNOWN,
    share: share(likeliest && (likeliest.is_kept ? likeliest.probability : likeliest.share)),
  };
}

/**
 * The key with the largest weight, and the one with the largest weight times the length of its value.
 * @param {import("../../state/flow_state.js").FlowData | null} flow @param {number} head @param {number} query
 */
function mostRead(flow, head, query) {
  const pattern = flow?.tensors.get("attention_pattern");
  const values = flow?.tensors.get("value");
  if (!pattern || !values) return null;
  const [, n_query, n_key] = pattern.shape;
  const start = (head * n_query + query) * n_key;
  const weights = pattern.data.subarray(start, start + n_key);
  const weight = Math.max(...weights);
  const d_head = values.shape[2];
  const amounts = Array.from(weights, (one, key) => {
    const at = (head * n_key + key) * d_head;
    return one * Math.hypot(...values.data.subarray(at, at + d_head));
  });
  return { key: weights.indexOf(weight), weight, source: amounts.indexOf(Math.max(...amounts)) };
}

/**
 * How alike the directions of a token's stream before and after the block are; null while one of them is not there.
 * @param {import("../../state/flow_state.js").FlowData | null} flow @param {number} query
 */
function cosineThroughBlock(flow, query) {
  const [before, after] = ["resid_pre", "resid_post"].map((name) => {
    const tensor = flow?.tensors.get(name);
    const width = tensor?.shape.at(-1) ?? 0;
    return tensor?.data.subarray(query * width, (query + 1) * width);
  });
  if (!before || !after) return null;
  const product = before.reduce((sum, value, index) => sum + value * after[index], 0);
  return product / (Math.hypot(...before) * Math.hypot(...after));
}

/** The model's own probability of the likeliest next token, before any setting: what the logit lens reads last. @param {import("../../state/state.js").State} state */
function ownShare({ lens, run }) {
  if (!run.value || lens.value?.run !== run.value) return undefined;
  return lens.value.columns.get(run.value.tokens.length - 1)?.probabilities[lens.value.n_layer];
}

/** @param {import("../../state/flow_state.js").FlowData | null} flow @param {"attention" | "mlp"} part @param {number} query */
function added(flow, part, query) {
  const shares = flow?.contributions?.[part];
  return flow && shares ? shares.data[flow.layer * shares.shape[1] + query] : undefined;
}
