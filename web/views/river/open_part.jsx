import { useMemo } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { isSamePart } from "../../layout/river/parts.js";
import { px } from "../../layout/river/ribbons.js";
import { spanOf } from "../../layout/river/spans.js";
import { narrowed, stageOf } from "../../layout/river/stage.js";
import { usePage } from "../page_context.js";
import { OpenEmbedding, OpenUnembedding } from "./open_ends.jsx";
import { OpenMlp } from "./open_mlp.jsx";
import { OpenNorm } from "./open_norm.jsx";

/** @type {Record<string, (props: import("./sheet_props.js").InsideProps) => import("preact").ComponentChildren>} */
const INSIDE = {
  norm_1: OpenNorm,
  norm_2: OpenNorm,
  mlp: OpenMlp,
  embedding: OpenEmbedding,
  unembedding: OpenUnembedding,
};

/**
 * A part unfolded in its place, beside the chosen token's river. What is laid out for the full width is drawn narrower while it
 * unfolds: nothing but x changes.
 * @param {import("./sheet_props.js").SheetProps & {part: import("../../layout/river/parts.js").OpenPart, width: number, fade: number,
 *   largest: number}} props `width`: of the part when it is open
 */
export function OpenPartView({ shown, frame, rows, spans, ends, drawn, part, width, fade, largest }) {
  const { state } = usePage();
  const opened = state.opened.value;
  const span = spanOf({ blocks: spans, ...ends }, part);
  const row = rows[drawn];
  const stage = useMemo(() => stageOf(width, row, frame.rows), [width, row, frame]);
  const is_of_it = opened !== null && isSamePart(opened.part, part);
  const is_here = is_of_it && opened.run === shown.run && opened.position === shown.position;
  const Inside = INSIDE[part.kind];
  const language = state.language.value;
  // Drawn anew for new numbers, not for every step of the unfolding.
  const inside = useMemo(
    () => is_of_it && <Inside opened={opened} shown={shown} row={row} stage={stage} width={width} largest={largest} />,
    [is_of_it, opened, shown, row, stage, width, largest, language],
  );
  return (
    <g
      class={is_here ? "open-part" : "open-part is-stale"}
      data-tour={`open-${part.kind}`}
      data-part="ground"
      aria-busy={!is_here}
      opacity={Math.max(0, Math.min(1, fade))}
      transform={narrowed(span, width)}
    >
      <rect
        x="6"
        y={frame.rows.top - 26}
        width={px(width - 10)}
        height={px(frame.rows.height + 34)}
        fill="transparent"
      />
      {inside || (
        <text class="river-small" x={stage.x} y={px(stage.bottom - 12)}>
          {t(shown.run.is_stored ? "lens.needs_live" : "lens.waiting")}
        </text>
      )}
    </g>
  );
}
