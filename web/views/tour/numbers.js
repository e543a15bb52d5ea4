import { formatNumber, formatShare, ordinal } from "../../format.js";
import { ofAllHeads } from "../../layout/river/sources.js";
import { servingHead } from "../../state/kinds.js";

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
  const [run, prediction, shape] = [state.run.value, state.prediction.value, state.model_shape.value];
  const river = state.river.value;
  const count = (/** @type {number | undefined} */ number) =>
    number === undefined ? UNKNOWN : formatNumber(number, language);
  const share = (/** @type {number | undefined} */ number) =>
    number === undefined ? UNKNOWN : formatShare(number, language);
  const query = selectors.query.value;
  const most = mostRead(state.block.value, state.head.value, servingHead(shape, state.head.value), query);
  const likeliest = prediction?.candidates[0];
  return {
    model: selectors.model.value?.display_name ?? UNKNOWN,
    n_layer: count(shape?.n_layer),
    n_head: count(shape?.n_head),
    n_embd: count(shape?.n_embd),
    d_head: count(shape?.d_head),
    d_mlp: count(shape?.d_mlp),
    vocab_size: count(prediction?.vocab_size),
    n_tokens: count(run?.tokens.length),
    count: run?.tokens.length ?? 0,
    block: count(ordinal(state.layer.value)),
    head: count(ordinal(state.head.value)),
    query: run?.tokens[query]?.label ?? UNKNOWN,
    key: run?.tokens[most?.key ?? -1]?.label ?? UNKNOWN,
    source: run?.tokens[most?.source ?? -1]?.label ?? UNKNOWN,
    weight: share(most?.weight),
    attention_adds: share(river ? attentionShare(river.data, state.layer.value) : undefined),
    mlp_adds: share(river?.data.mlp_share[state.layer.value]),
    next: likeliest?.label ?? UNKNOWN,
    own_share: share(likeliest?.own),
    share: share(likeliest && (likeliest.is_kept ? likeliest.probability : 0)),
  };
}

/**
 * The key with the largest weight, and the one with the largest weight times the length of its value.
 * @param {import("../../state/figures_state.js").BlockData | null} flow @param {number} head @param {number} kv_head that serves it @param {number} query
 */
function mostRead(flow, head, kv_head, query) {
  const pattern = flow?.tensors.get("attention_pattern");
  const values = flow?.tensors.get("value");
  if (!pattern || !values) return null;
  const [, n_query, n_key] = pattern.shape;
  const start = (head * n_query + query) * n_key;
  const weights = pattern.data.subarray(start, start + n_key);
  const weight = Math.max(...weights);
  const d_head = values.shape[2];
  const amounts = Array.from(weights, (one, key) => {
    const at = (kv_head * n_key + key) * d_head;
    return one * Math.hypot(...values.data.subarray(at, at + d_head));
  });
  return { key: weights.indexOf(weight), weight, source: amounts.indexOf(Math.max(...amounts)) };
}

/**
 * What attention adds, all heads and the bias, as a share of the stream after it.
 * @param {import("../../layout/river/types.js").RiverData} river @param {number} layer
 */
const attentionShare = (river, layer) =>
  ofAllHeads(river, layer, "share").reduce((sum, part) => sum + part, 0) + river.bias_share[layer];
