import { t } from "../../i18n/translate.js";
import { colourScale } from "../../layout/colours.js";
import { saveFigure } from "../../saving/save_figure.js";
import { originOf } from "../origin.js";
import { usePage } from "../page_context.js";
import { useRamp } from "./use_ramp.js";

/**
 * The figure as a file. The drawing stands on its own: with the page's colours, its scale, and where it comes from.
 * @param {{data: import("../../layout/figure_numbers.js").FigureData, is_sequential: boolean, is_drawn: boolean}} props
 */
export function SaveButtons({ data, is_sequential, is_drawn }) {
  const page = usePage();
  const { stops, ink, paper } = useRamp(is_sequential);
  /** @type {import("../../saving/save_figure.js").FileKind[]} */
  const kinds = is_drawn ? ["svg", "png", "csv"] : ["csv"];
  /** @param {import("../../saving/save_figure.js").FileKind} kind */
  const save = async (kind) => {
    const colourOf = colourScale(stops);
    const ramp = (/** @type {number} */ share) => colourOf(is_sequential ? Math.max(0, share) : (share + 1) / 2);
    try {
      await saveFigure(kind, data, originOf(page), { ink, paper, ramp });
    } catch {
      page.actions.setNotice("figure_not_saved");
    }
  };
  return (
    <span class="section-save" role="group" aria-label={t("section_save", { name: data.title })}>
      {kinds.map((kind) => (
        <button
          key={kind}
          type="button"
          class="quiet"
          aria-label={t(`section_save_${kind}`, { name: data.title })}
          onClick={() => save(kind)}
        >
          {t(`section_${kind}`)}
        </button>
      ))}
    </span>
  );
}
