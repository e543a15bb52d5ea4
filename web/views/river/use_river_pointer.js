import { formatNumber, formatShare, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { indexOnSheet } from "../../layout/river/cells.js";
import { isSamePart, partOf } from "../../layout/river/parts.js";
import { ofAllHeads, strongestHead } from "../../layout/river/sources.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";
import { cellOfItem, wordsOfItem } from "./open_item.js";

/**
 * What the pointer does to the figure. Its parts carry what they are in `data-part`: "token:3", "block:5", "head:2",
 * "mark:attention:5:3", "cell:4:3" (query, key), "section:mlp", "open:mlp:5" (a part opens), "item:12" (in what is open), "sheet:16:256" (columns and numbers of a
 * sheet), "ground".
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
    else if (kind === "item") lookAt(Number(first));
    else if (kind === "sheet") onPointerMove(event);
    else onPointerLeave();
  }

  /** From number to number of a sheet. @param {PointerEvent} event */
  function onPointerMove(event) {
    const item = itemOnSheet(event);
    if (item !== null && item !== state.open_item.peek()) lookAt(item);
  }

  function onPointerLeave() {
    actions.pointAtToken(null);
    actions.readOut(null);
  }

  /** @param {MouseEvent} event */
  function onClick(event) {
    const [kind, first, second, third] = partAt(event);
    if (kind === "token") actions.selectQuery(Number(first));
    else if (kind === "block") toggleBlock(Number(first));
    else if (kind === "open") actions.openPart(partOf(second === undefined ? first : `${first}:${second}`));
    else if (kind === "item") explainItem(Number(first));
    else if (kind === "sheet") explainItem(itemOnSheet(event));
    else if (kind === "head") actions.selectHead(Number(first));
    else if (kind === "section")
      actions.openSection(/** @type {import("../../state/exploring.js").SectionName} */ (first));
    else if (kind === "cell") explain(Number(first), Number(second));
    else if (kind === "mark") pick(first, Number(second), third === "" ? undefined : Number(third));
  }

  /** Open a block at its attention, or close it, whatever of it is open. @param {number} layer */
  function toggleBlock(layer) {
    const is_open = state.open_part.peek()?.layer === layer;
    actions.openPart(is_open ? null : { kind: "attention", layer });
  }

  /** @param {number} item */
  function lookAt(item) {
    const opened = state.opened.peek();
    if (!opened) return;
    actions.lookAtItem(item);
    actions.readOut(wordsOfItem(opened, item, state.language.peek()));
  }

  /** @param {number | null} item */
  function explainItem(item) {
    const opened = state.opened.peek();
    if (!opened || item === null) return;
    actions.lookAtItem(item);
    actions.explainCell(cellOfItem(opened, item));
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
      actions.openPart({ kind: "mlp", layer });
      return;
    }
    const river = shown();
    if (!river) return;
    if (source !== undefined)
      actions.pickPart({ kind: "attention", layer, head: null, query: river.position, key: source });
    if (!isSamePart(state.open_part.peek(), { kind: "attention", layer }))
      actions.openPart({ kind: "attention", layer });
    actions.selectHead(strongestHead(river.data, layer, source));
  }

  return { onPointerOver, onPointerMove, onPointerLeave, onClick };
}

/** What an event's target is. @param {Event} event @returns {string[]} */
function partAt(event) {
  const target = event.target instanceof Element ? event.target.closest("[data-part]") : null;
  return target instanceof SVGElement ? (target.dataset.part ?? "").split(":") : [];
}

/** Which number of a sheet the pointer is at, null beside them. @param {MouseEvent} event */
function itemOnSheet(event) {
  const [kind, columns, count] = partAt(event);
  if (kind !== "sheet" || !(event.target instanceof Element)) return null;
  const box = event.target.getBoundingClientRect();
  const rows = Math.ceil(Number(count) / Number(columns));
  // While it unfolds the cells are narrower than high.
  const at = {
    x: (event.clientX - box.left) / (box.width / Number(columns)),
    y: (event.clientY - box.top) / (box.height / rows),
  };
  return indexOnSheet(
    { columns: Number(columns), rows, cell: 1, width: Number(columns), height: rows },
    Number(count),
    at,
  );
}
