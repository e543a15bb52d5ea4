import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { linesOf, surpriseBits } from "../../state/tree.js";
import { moveAlong } from "../arrow_keys.js";
import { usePage } from "../page_context.js";
import { wordsOfLine } from "./line_words.js";

/** The tree, a row for every line of tokens without a fork; each can be gone to. */
export function TreeLines() {
  const { state, selectors, actions } = usePage();
  const language = state.language.value;
  const tree = state.tree.value;
  const lines = linesOf(tree);
  const is_busy = state.activity.value !== "idle";
  return (
    <ol class="tree" onKeyDown={moveAlong} aria-label={t("past.tree")}>
      <li>
        <button
          type="button"
          aria-current={tree.current === null}
          disabled={is_busy}
          onClick={() => void actions.goTo(null)}
        >
          <span class="tree-words typed">{selectors.prompt_text.value}</span>
        </button>
      </li>
      {lines.map(({ nodes, depth, is_leaf }) => {
        const last = nodes[nodes.length - 1];
        const known = nodes.filter(({ own }) => own !== null);
        const bits = known.reduce((sum, { own }) => sum + surpriseBits(Number(own)), 0);
        const is_dropped = last.beam !== null && !last.beam.is_kept;
        return (
          <li key={last.id} style={{ "--depth": Math.min(depth, 12) + 1 }}>
            <button
              type="button"
              class={is_dropped ? "dropped" : ""}
              aria-current={last.id === tree.current}
              disabled={is_busy}
              onClick={() => void actions.goTo(last.id)}
            >
              {last.name !== "" && <strong>{last.name}</strong>}
              <span class="tree-words">{wordsOfLine(nodes)}</span>
              <small>
                {known.length === nodes.length
                  ? t("past.line", { count: nodes.length, bits: formatNumber(bits, language, 1) })
                  : t("past.line_unknown", { count: nodes.length })}
                {last.beam && ` · ${t("past.beam_score", { bits: formatNumber(last.beam.surprise, language, 2) })}`}
                {is_dropped && ` · ${t("past.beam_dropped")}`}
                {is_leaf && last.id === tree.current && ` · ${t("past.here")}`}
              </small>
            </button>
          </li>
        );
      })}
      {lines.length === 0 && <li class="hint">{t("past.empty")}</li>}
    </ol>
  );
}
