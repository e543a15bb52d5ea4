import { t } from "../../i18n/translate.js";
import { keyOf } from "../../layout/river/parts.js";
import { px } from "../../layout/river/ribbons.js";
import { mix, placesIn } from "../../layout/river/spans.js";
import { kindOf } from "../../state/kinds.js";
import { usePage } from "../page_context.js";

// In narrower blocks marks would cover what they mark; the norms of an open one are named in its head.
const LEAST_PX = 60;

/**
 * Where the chosen stream is normalised, and where it begins and ends: each opens. Norms show while the figure is looked at.
 * @param {import("./sheet_props.js").SheetProps} props
 */
export function PlaceMarks({ frame, rows, spans, ends, drawn }) {
  const { state } = usePage();
  const shape = state.model_shape.value;
  const open = state.open_part.value;
  const row = rows[drawn];
  /** @type {{part: import("../../layout/river/parts.js").OpenPart, x: number}[]} */
  const marks = spans.flatMap((span, layer) => {
    // What is open has its own order of things.
    if (span.width < LEAST_PX || span.openness > 0) return [];
    const { attention, mlp } = placesIn(span);
    return [
      { part: { kind: /** @type {const} */ ("norm_1"), layer }, x: span.x + 8 },
      { part: { kind: /** @type {const} */ ("norm_2"), layer }, x: mix(attention, mlp, 0.42) },
    ];
  });
  if (open?.kind !== "embedding") marks.push({ part: { kind: "embedding", layer: null }, x: frame.labels.x + 12 });
  if (open?.kind !== "unembedding")
    marks.push({ part: { kind: "unembedding", layer: null }, x: ends.end.x + ends.end.width + 14 });
  return (
    <>
      {marks.map(({ part, x }) => (
        <g
          key={keyOf(part)}
          data-control
          class={part.layer === null ? "place-mark end" : "place-mark"}
          data-part={`open:${keyOf(part)}`}
        >
          <title>
            {t(`river.open_part.${part.kind}`, kindOf(shape, part.layer === null ? part.kind : "layer_norm"))}
          </title>
          <circle cx={px(x)} cy={px(row.y)} r="11" fill="transparent" />
          <circle class="place-dot" cx={px(x)} cy={px(row.y)} r="4.5" />
        </g>
      ))}
    </>
  );
}
