import { formatShare } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { px } from "../../layout/river/ribbons.js";
import { rowOf } from "../../layout/river/rows.js";
import { mix, placesIn } from "../../layout/river/spans.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";

/**
 * The one thing that is pointed out: the ribbon that adds most.
 * @param {import("./sheet_props.js").SheetProps & {place: {layer: number, source: number, share: number}}} props
 */
export function Annotation({ shown, frame, rows, spans, drawn, place }) {
  const { state } = usePage();
  const from = rows[rowOf(rows, place.source)];
  const to = rows[drawn];
  if (!from || frame.is_narrow) return null;
  const { from: x_from, attention } = placesIn(spans[place.layer]);
  const x = mix(x_from, attention, 0.5) + Math.max(4, place.share * to.thickness * 0.5) + 4;
  const y = mix(from.y, to.y, 0.5);
  const end = frame.river.x + frame.river.width;
  const top = frame.rows.top - 22;
  const words = t("river.brings", {
    source: nameOf(shown.run.tokens[place.source].label),
    reader: nameOf(shown.run.tokens[shown.position].label),
    share: formatShare(place.share, state.language.value),
  });
  const elbow = Math.min(end - 24, Math.max(x + 46, spans[place.layer].x + spans[place.layer].width - 24));
  return (
    <g class="river-annotation">
      <text x={px(end - 4)} y={top} text-anchor="end">
        {words}
      </text>
      <path
        d={`M${px(elbow)},${top + 9}C${px(elbow)},${px(mix(top, y, 0.7))} ${px(x + 46)},${px(y)} ${px(x + 6)},${px(y)}`}
        fill="none"
      />
      <path class="river-arrow" d={`M${px(x)},${px(y)}l9,-4l0,8z`} />
    </g>
  );
}
