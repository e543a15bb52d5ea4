import { useState } from "preact/hooks";
import { formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { isSamePart, partAt } from "../../layout/river/parts.js";
import { rowOf } from "../../layout/river/rows.js";
import { ofAllHeads } from "../../layout/river/sources.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";
import { cellOfItem, itemOf, itemsOf, wordsOfItem } from "./open_item.js";

/**
 * The figure is one stop for the keyboard: up and down go through the tokens, left and right through the blocks and the two ends
 * (through heads, neurons, numbers or candidates while something is open), Enter opens, Escape goes back. What is reached is said
 * in words.
 * @param {import("../../layout/river/rows.js").Row[]} rows
 */
export function useRiverKeys(rows) {
  const { state, actions } = usePage();
  const [words, setWords] = useState("");
  const [layer, setLayer] = useState(/** @type {number | null} */ (null));

  /** @param {number} step */
  function moveToken(step) {
    const base = state.river.peek();
    if (!base) return;
    const at = rowOf(rows, state.pointed_token.peek() ?? base.position);
    let next = at + step;
    while (rows[next] && rows[next].first !== rows[next].last) next += step;
    if (!rows[next]) return;
    actions.pointAtToken(rows[next].first);
    setWords(
      t("river.said_token", {
        token: nameOf(base.run.tokens[rows[next].first].label),
        position: ordinal(rows[next].first),
      }),
    );
  }

  /** @param {number} step */
  function moveBlock(step) {
    const base = state.pointed_river.peek() ?? state.river.peek();
    if (!base) return;
    const { n_layer, n_head } = base.data;
    const open = state.open_part.peek();
    if (open?.kind === "attention") {
      const head = (state.head.peek() + step + n_head) % n_head;
      actions.selectHead(head);
      setWords(t("river.said_head", { block: ordinal(open.layer), head: ordinal(head) }));
      return;
    }
    if (open) return moveItem(step);
    const next = Math.max(-1, Math.min(n_layer, layer === null ? (step > 0 ? 0 : n_layer - 1) : layer + step));
    setLayer(next);
    // Beyond the blocks are the two ends.
    if (next < 0 || next === n_layer) {
      setWords(t(`river.open_part.${next < 0 ? "embedding" : "unembedding"}`));
      return;
    }
    const shares = ofAllHeads(base.data, next, "share");
    const source = shares.indexOf(Math.max(...shares));
    const sentence = t("river.said_block", {
      block: ordinal(next),
      reader: nameOf(base.run.tokens[base.position].label),
      source: nameOf(base.run.tokens[source].label),
      share: formatShare(Math.max(0, shares[source]), state.language.peek()),
      word: nameOf(base.labels.get(base.data.guess_ids[next + 1]) ?? ""),
    });
    setWords(sentence);
    actions.readOut(sentence);
  }

  /** @param {number} step */
  function moveItem(step) {
    const opened = state.opened.peek();
    if (!opened) return;
    const items = itemsOf(opened);
    const at = items.indexOf(itemOf(opened, state.open_item.peek()));
    const item = items[Math.max(0, Math.min(items.length - 1, at + step))];
    if (item === undefined) return;
    actions.lookAtItem(item);
    const sentence = wordsOfItem(opened, item, state.language.peek());
    setWords(sentence ?? "");
    actions.readOut(sentence);
  }

  /** Open the block reached; of what is open the item looked at, or the section of attention. */
  function enter() {
    const [open, opened] = [state.open_part.peek(), state.opened.peek()];
    const n_layer = state.river.peek()?.data.n_layer ?? 1;
    const kind =
      layer === null || (layer >= 0 && layer < n_layer) ? "attention" : layer < 0 ? "embedding" : "unembedding";
    if (!open) return actions.openPart(partAt(kind, layer ?? state.layer.peek()));
    if (open.kind === "attention") return actions.openSection("attention");
    if (opened && isSamePart(opened.part, open))
      actions.explainCell(cellOfItem(opened, itemOf(opened, state.open_item.peek())));
  }

  /** The block that the arrow keys have reached; null at the ends and at first. */
  const blockReached = () =>
    layer !== null && layer >= 0 && layer < (state.river.peek()?.data.n_layer ?? 0) ? layer : null;

  /** What is to be cut: in the block reached, what adds most to the answer from elsewhere. */
  function pickRibbon() {
    const river = state.pointed_river.peek() ?? state.river.peek();
    if (!river) return;
    const of_block = state.open_part.peek()?.layer ?? blockReached() ?? state.layer.peek();
    const pushes = ofAllHeads(river.data, of_block, "push").slice(0, Math.max(1, river.position));
    const key = pushes.indexOf(Math.max(...pushes));
    actions.pickPart({ kind: "attention", layer: of_block, head: null, query: river.position, key });
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    /** @type {Record<string, () => void>} */
    const moves = {
      ArrowUp: () => moveToken(-1),
      ArrowDown: () => moveToken(1),
      ArrowLeft: () => moveBlock(-1),
      ArrowRight: () => moveBlock(1),
      x: pickRibbon,
      Enter: enter,
    };
    if (event.key === "Escape") {
      if (state.open_part.peek() !== null) actions.openPart(null);
      else if (state.pointed_token.peek() !== null) actions.pointAtToken(null);
      else if (state.selected_query.peek() !== null) actions.selectQuery(state.selected_query.peek());
      else return;
      event.preventDefault();
      return;
    }
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move();
  }

  const onBlur = () => {
    actions.pointAtToken(null);
    actions.readOut(null);
  };
  return { onKeyDown, onBlur, words };
}
