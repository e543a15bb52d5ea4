import { formatNumber, formatShare } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { compared, leavesOf, pathTo, surpriseBits } from "../../state/tree.js";
import { usePage } from "../page_context.js";
import { TokenLabel } from "../token_label.jsx";
import { wordsOfLine } from "./line_words.js";

// So many last tokens tell one branch from another.
const LAST_WORDS = 5;

/** The branch on screen beside another, token by token. */
export function Compare() {
  const { state, actions } = usePage();
  const language = state.language.value;
  const tree = state.tree.value;
  const others = leavesOf(tree).filter(({ id }) => id !== tree.current);
  const other = others.find(({ id }) => id === state.compared_leaf.value) ?? null;
  if (others.length === 0) return null;
  const nameOfLeaf = (/** @type {import("../../state/tree.js").Node} */ leaf) =>
    leaf.name || `… ${wordsOfLine(pathTo(tree, leaf.id).slice(-LAST_WORDS))}`;
  const { n_shared, rows } = compared(tree, tree.current, other?.id ?? null);
  const bitsOf = (/** @type {"first" | "second"} */ side) =>
    rows.reduce((sum, row) => {
      const own = row[side]?.own;
      return own == null ? sum : sum + surpriseBits(own);
    }, 0);
  return (
    <div class="compare">
      <label class="choice">
        <span>{t("past.compare")}</span>
        <select
          value={other?.id ?? ""}
          onChange={(event) =>
            actions.compareWith(event.currentTarget.value === "" ? null : Number(event.currentTarget.value))
          }
        >
          <option value="">{t("past.compare_none")}</option>
          {others.map((leaf) => (
            <option key={leaf.id} value={leaf.id}>
              {nameOfLeaf(leaf)}
            </option>
          ))}
        </select>
      </label>
      {other && (
        <div class="table-room" tabIndex={0} role="group" aria-label={t("past.compare")}>
          <table class="numbers">
            <caption>{t("past.compare_shared", { count: n_shared })}</caption>
            <thead>
              <tr>
                <th scope="col" colSpan={2}>
                  {t("past.here")}
                </th>
                <th scope="col" colSpan={2}>
                  {nameOfLeaf(other)}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ first, second }, at) => (
                <tr key={at}>
                  {[first, second].map((node, side) => [
                    <td key={`${side} token`}>{node && <TokenLabel label={node.label} />}</td>,
                    <td key={`${side} own`}>{node && node.own !== null ? formatShare(node.own, language) : ""}</td>,
                  ])}
                </tr>
              ))}
              <tr>
                {
                  /** @type {const} */ (["first", "second"]).map((side) => (
                    <td key={side} colSpan={2}>
                      {t("past.bits_together", { bits: formatNumber(bitsOf(side), language, 2) })}
                    </td>
                  ))
                }
              </tr>
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
