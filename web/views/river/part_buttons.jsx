import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { BLOCK_PARTS, partAt } from "../../layout/river/parts.js";
import { kindOf } from "../../state/kinds.js";
import { usePage } from "../page_context.js";

/** The section that shows all of a part. @type {Record<import("../../layout/river/parts.js").PartKind, import("../../state/exploring.js").SectionName>} */
const SECTION_OF_PART = {
  norm_1: "layer_norm",
  attention: "attention",
  norm_2: "layer_norm",
  mlp: "mlp",
  embedding: "embedding",
  unembedding: "unembedding",
};

/**
 * In the head of what is open: the other parts of the same block, and all of this one, which needs more room.
 * @param {{part: import("../../layout/river/parts.js").OpenPart, left: number, top: number, width: number, is_narrow: boolean}} props px
 */
export function PartButtons({ part, left, top, width, is_narrow }) {
  const { state, actions } = usePage();
  const shape = state.model_shape.value;
  /** @param {KeyboardEvent & {currentTarget: HTMLElement}} event */
  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    const room = event.currentTarget.closest(".river")?.querySelector(".river-room");
    actions.openPart(null);
    if (room instanceof HTMLElement) room.focus({ preventScroll: true });
  };
  const showAll = () => {
    if (part.kind === "norm_1" || part.kind === "norm_2") actions.selectNorm(part.kind);
    const name = SECTION_OF_PART[part.kind];
    if (state.open_section.peek() !== name) actions.openSection(name);
  };
  return (
    <div
      class="part-buttons"
      role="group"
      aria-label={
        part.layer === null ? t(`river.part_short.${part.kind}`) : t("river.parts", { block: ordinal(part.layer) })
      }
      style={{ left: `${left}px`, top: `${top}px`, width: `${width}px` }}
      onKeyDown={onKeyDown}
    >
      {part.layer !== null && (
        <div>
          {BLOCK_PARTS.map((kind) => (
            <button
              key={kind}
              type="button"
              class="quiet"
              aria-pressed={part.kind === kind}
              onClick={() => part.kind !== kind && actions.openPart(partAt(kind, part.layer))}
            >
              {t(`river.part_short.${kind}`, kindOf(shape, kind))}
            </button>
          ))}
        </div>
      )}
      <button type="button" class="quiet" aria-label={t("river.all_of_it")} onClick={showAll}>
        {t(is_narrow ? "river.all_short" : "river.all_of_it")}
      </button>
    </div>
  );
}
