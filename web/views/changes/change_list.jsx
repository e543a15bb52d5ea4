import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { keyOf } from "../../state/change.js";
import { usePage } from "../page_context.js";
import { nameOf } from "../river/names.js";

/** What is changed, each with its undo. */
export function ChangeList() {
  const { state, actions } = usePage();
  const { list } = state.changes.value;
  const run = state.run.value;
  if (list.length === 0) return <p class="hint">{t("change.none")}</p>;
  return (
    <div class="change-list" aria-busy={run?.changes !== list}>
      <h3>{t("change.list")}</h3>
      <ul>
        {list.map((change) => (
          <li key={keyOf(change)}>
            <span>{wordsOf(change, run)}</span>
            <button type="button" class="quiet" onClick={() => actions.removeChange(change)}>
              {t("change.undo")}
              <span class="visually-hidden"> {wordsOf(change, run)}</span>
            </button>
          </li>
        ))}
      </ul>
      {list.length > 1 && (
        <button type="button" class="quiet" onClick={actions.clearChanges}>
          {t("change.undo_all")}
        </button>
      )}
    </div>
  );
}

/** @param {import("../../state/change.js").Change} change @param {import("../../state/types.js").Run | null} run */
function wordsOf(change, run) {
  const block = ordinal(change.layer);
  const token = (/** @type {number} */ position) => nameOf(run?.tokens[position]?.label ?? "…");
  if (change.kind === "head") return t("change.is_head_off", { block, head: ordinal(change.head) });
  if (change.kind === "mlp") return t("change.is_mlp_off", { block });
  if (change.kind === "row") {
    const { position, text, from_position } = change;
    return t("change.is_row", { block, token: token(position), text, position: ordinal(from_position) });
  }
  const heads = change.head === null ? t("change.all_heads") : t("river.head", { head: ordinal(change.head) });
  const places = { reader: token(change.query), source: token(change.key) };
  return t(`change.is_cut_${change.when}`, { block, heads, ...places });
}
