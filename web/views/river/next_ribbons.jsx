import { bandPath, px } from "../../layout/river/ribbons.js";
import { usePage } from "../page_context.js";

const LEAST_PX = 0.12;

/** From the river's end to the likeliest tokens: as thick as each is probable. @param {import("./sheet_props.js").SheetProps} props */
export function NextRibbons({ frame, rows, drawn }) {
  const prediction = usePage().selectors.shown_prediction.value;
  const { list } = frame;
  if (!list || !prediction) return null;
  const row = rows[drawn];
  const x = frame.river.x + frame.river.width + 14;
  let filled = row.y - row.thickness / 2;
  return (
    <>
      <defs>
        <linearGradient id="river-next" gradientUnits="userSpaceOnUse" x1={px(x)} x2={px(list.x)} y1="0" y2="0">
          <stop offset="0" class="stop-water" />
          <stop offset="1" class="stop-attention" stop-opacity="0.55" />
        </linearGradient>
      </defs>
      {prediction.candidates.slice(0, 10).map(({ own }, rank) => {
        const thickness = own * row.thickness;
        if (thickness < LEAST_PX) return null;
        const from = { x, y: filled + thickness / 2, thickness };
        filled += thickness;
        const y = list.top + (rank + 0.5) * list.pitch;
        return (
          <path
            key={rank}
            fill="url(#river-next)"
            d={bandPath(from, { x: list.x - 6, y, thickness: Math.min(list.pitch * 0.6, thickness) })}
          />
        );
      })}
    </>
  );
}
