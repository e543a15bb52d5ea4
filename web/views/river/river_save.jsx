import { formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { riverTable } from "../../layout/river/table.js";
import { saveDrawing } from "../../saving/save_figure.js";
import { originOf } from "../origin.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";
import { LISTED } from "./next_list.jsx";
import { rowName } from "./river_table.jsx";

const KINDS = /** @type {const} */ (["svg", "png", "csv"]);

/**
 * The river as a file: its drawing with the next tokens beside it, or its numbers.
 * @param {{list: import("../../layout/river/frame.js").Frame["list"]}} props
 */
export function RiverSave({ list }) {
  const page = usePage();
  const { state } = page;
  const name = t("river.title");

  /** The next tokens, which stand beside the drawing on the page. @returns {import("../../saving/drawing_picture.js").Line[]} */
  const lines = () => {
    const candidates = state.prediction.peek()?.candidates.slice(0, LISTED) ?? [];
    if (!list) return [];
    return candidates.flatMap(({ label, own }, rank) => {
      const y = list.top + (rank + 0.5) * list.pitch + 4;
      const common = { y, is_strong: rank === 0 };
      return [
        { ...common, x: list.x, words: nameOf(label) },
        {
          ...common,
          x: list.x + list.width,
          words: formatShare(own, state.language.peek()),
          anchor: /** @type {const} */ ("end"),
        },
      ];
    });
  };

  /** @param {(typeof KINDS)[number]} kind @param {HTMLElement} button */
  const save = async (kind, button) => {
    const river = state.river.peek();
    const drawing = button.closest(".river")?.querySelector(".river-svg");
    if (!river || !(drawing instanceof SVGSVGElement)) return;
    const table = {
      title: name,
      corner: t("river.table.part"),
      columns: Array.from({ length: river.data.n_layer }, (_, layer) => [
        t("river.table.share_of", { block: ordinal(layer) }),
        t("river.table.push_of", { block: ordinal(layer) }),
      ]).flat(),
      rows: riverTable(river.data).map((row) => ({
        label: rowName(row, river),
        cells: row.shares.flatMap((share, layer) => [share, row.pushes[layer] ?? undefined]),
      })),
    };
    try {
      await saveDrawing(kind, drawing, { heading: river.run.text, lines: lines(), origin: originOf(page) }, table);
    } catch {
      page.actions.setNotice("figure_not_saved");
    }
  };

  return (
    <fieldset class="section-save">
      <legend class="visually-hidden">{t("section_save", { name })}</legend>
      {KINDS.map((kind) => (
        <button
          key={kind}
          type="button"
          class="quiet"
          aria-label={t(`section_save_${kind}`, { name })}
          onClick={(event) => save(kind, event.currentTarget)}
        >
          {t(`section_${kind}`)}
        </button>
      ))}
    </fieldset>
  );
}
