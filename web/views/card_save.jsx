import { t } from "../i18n/translate.js";
import { saveCard } from "../saving/save_figure.js";
import { originOf } from "./origin.js";
import { usePage } from "./page_context.js";

/**
 * A card as a file: its picture, or the numbers in it.
 * @param {{numbers: () => import("../layout/figure_numbers.js").NumbersTable | null}} props null while there are none
 */
export function CardSave({ numbers }) {
  const page = usePage();
  /** @param {import("../saving/save_figure.js").FileKind} kind @param {HTMLElement} button */
  const save = async (kind, button) => {
    const card = /** @type {HTMLElement | null} */ (button.closest(".card"));
    const table = numbers();
    if (!card || !table) return;
    try {
      await saveCard(kind, card, table, originOf(page));
    } catch {
      page.actions.setNotice("figure_not_saved");
    }
  };
  const name = numbers()?.title ?? "";
  return (
    <span class="section-save" role="group" aria-label={t("section_save", { name })}>
      {
        /** @type {const} */ (["svg", "png", "csv"]).map((kind) => (
          <button
            key={kind}
            type="button"
            class="quiet"
            aria-label={t(`section_save_${kind}`, { name })}
            onClick={(event) => save(kind, event.currentTarget)}
          >
            {t(`section_${kind}`)}
          </button>
        ))
      }
    </span>
  );
}
