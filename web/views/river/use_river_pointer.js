import { formatNumber, formatShare, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { ofAllHeads, strongestHead } from "../../layout/river/sources.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";

/**
 * What the pointer does to the figure. Its parts carry what they are in `data-part`: "token:3", "block:5", "head:2",
 * "mark:attention:5:3", "cell:4:3" (query, key), "section:mlp".
 */
export function useRiverPointer() {
  const { state, actions } = usePage();
  const shown = () => state.pointed_river.peek() ?? state.river.peek();

  /** @param {string} kind @param {number} layer @param {number} source NaN: a band of tokens @returns {string | null} */
  function markWords(kind, layer, source) {
    const river = shown();
    if (!river) return null;
    const language = state.language.peek();
    const is_mlp = kind === "mlp";
    if (!is_mlp && Number.isNaN(source)) return t("river.read_out.band", { block: ordinal(layer) });
    const share = is_mlp ? river.data.mlp_share[layer] : ofAllHeads(river.data, layer, "share")[source];
    const push = is_mlp ? river.data.mlp_push[layer] : ofAllHeads(river.data, layer, "push")[source];
    return t(`river.read_out.${is_mlp ? "mlp" : "attention"}_${share < 0 ? "takes" : "adds"}`, {
      block: ordinal(layer),
      reader: nameOf(river.run.tokens[river.position].label),
      source: is_mlp ? "" : nameOf(river.run.tokens[source].label),
      share: formatShare(Math.abs(share), language),
      push: `${push > 0 ? "+" : ""}${formatValue(push, language, 3)}`,
      answer: nameOf(river.labels.get(river.data.answer) ?? ""),
    });
  }

  /** @param {number} query @param {number} key @returns {string | null} */
  function cellWords(query, key) {
    const block = state.block.peek();
    const pattern = block?.tensors.get("attention_pattern");
    if (!block || !pattern) return null;
    const n_tokens = block.run.tokens.length;
    const weight = pattern.data[(state.head.peek() * n_tokens + query) * n_tokens + key];
    return t("attention.cell", {
      query: nameOf(block.run.tokens[query].label),
      query_position: ordinal(query),
      key: nameOf(block.run.tokens[key].label),
      key_position: ordinal(key),
      share: formatShare(weight, state.language.peek()),
    });
  }

  /** @param {number} token @returns {string | null} */
  function tokenWords(token) {
    const run = state.river.peek()?.run;
    if (!run) return null;
    const { label, id } = run.tokens[token];
    return t("river.read_out.token", { label, id: formatNumber(id, state.language.peek()), position: ordinal(token) });
  }

  /** @param {PointerEvent} event */
  function onPointerOver(event) {
    const [kind, first, second, third] = partAt(event);
    if (kind === "token") {
      actions.pointAtToken(Number(first));
      actions.readOut(tokenWords(Number(first)));
    } else if (kind === "mark")
      actions.readOut(markWords(first, Number(second), third === "" ? Number.NaN : Number(third)));
    else if (kind === "cell") actions.readOut(cellWords(Number(first), Number(second)));
    else onPointerLeave();
  }

  function onPointerLeave() {
    actions.pointAtToken(null);
    actions.readOut(null);
  }

  /** @param {MouseEvent} event */
  function onClick(event) {
    const [kind, first, second, third] = partAt(event);
    if (kind === "token") actions.selectQuery(Number(first));
    else if (kind === "block") actions.openBlock(Number(first));
    else if (kind === "head") actions.selectHead(Number(first));
    else if (kind === "section")
      actions.openSection(/** @type {import("../../state/exploring.js").SectionName} */ (first));
    else if (kind === "cell") explain(Number(first), Number(second));
    else if (kind === "mark") pick(first, Number(second), third === "" ? undefined : Number(third));
  }

  /** @param {number} query @param {number} key */
  function explain(query, key) {
    const name = state.pattern_stage.peek() === "softmax" ? "attention_pattern" : "attention_scores";
    actions.explainCell({ name, layer: state.layer.peek(), head: state.head.peek(), row: query, column: key });
  }

  /** Open what a ribbon stands for. @param {string} kind @param {number} layer @param {number | undefined} source */
  function pick(kind, layer, source) {
    if (kind === "mlp") {
      actions.pickPart({ kind: "mlp", layer });
      actions.selectLayer(layer);
      actions.openSection("mlp");
      return;
    }
    const river = shown();
    if (!river) return;
    if (source !== undefined)
      actions.pickPart({ kind: "attention", layer, head: null, query: river.position, key: source });
    if (state.open_block.peek() !== layer) actions.openBlock(layer);
    actions.selectHead(strongestHead(river.data, layer, source));
  }

  return { onPointerOver, onPointerLeave, onClick };
}

/** What an event's target is. @param {Event} event @returns {string[]} */
function partAt(event) {
  const target = event.target instanceof Element ? event.target.closest("[data-part]") : null;
  return target instanceof SVGElement ? (target.dataset.part ?? "").split(":") : [];
}
