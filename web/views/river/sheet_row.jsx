import { useMemo } from "preact/hooks";
import { px } from "../../layout/river/ribbons.js";
import { scaleLimit } from "../../layout/strip.js";
import { VectorSheet } from "./vector_sheet.jsx";

/**
 * Vectors as sheets, with the signs of what makes one of the others between them.
 * @param {{layout: import("../../layout/river/sheets.js").SheetsLayout, item: number | null, words: string[],
 *   parts: {caption: import("preact").ComponentChildren, values: Float32Array, sign?: string, limit?: number, role?: string}[]}} props
 *   `item`: the number looked at in all of them, null where it is not numbers that are looked at; `words`: what becomes of it
 */
export function SheetRow({ layout, parts, item, words }) {
  const limits = useMemo(
    () => parts.map(({ values, limit }) => limit ?? scaleLimit(values)),
    parts.map(({ values }) => values),
  );
  return (
    <>
      {parts.map(({ caption, values, sign, role = "stream" }, index) => {
        const placed = layout.sheets[index];
        return (
          <g key={index}>
            <text class="river-small" x={px(placed.x)} y={px(placed.y - 6)}>
              {caption}
            </text>
            <text
              class="sheet-sign"
              x={px(placed.x - 11)}
              y={px(placed.y + placed.sheet.height / 2 + 5)}
              text-anchor="middle"
            >
              {sign}
            </text>
            <VectorSheet
              values={values}
              limit={limits[index]}
              placed={placed}
              role={role}
              pointed={item}
              is_open={item !== null}
            />
          </g>
        );
      })}
      {words.map((line, index) => (
        <text key={index} class="river-small strong" x={px(layout.sheets[0].x)} y={px(layout.words[index])}>
          {line}
        </text>
      ))}
    </>
  );
}

/**
 * A copy of the stream on its way between the river and a sheet.
 * @param {{edge: number, placed: import("../../layout/river/open_mlp.js").Placed, stage: import("../../layout/river/stage.js").Stage}} props
 *   `edge`: of the river, px
 */
export function Stem({ edge, placed: { x, y, sheet }, stage }) {
  const near = stage.side < 0 ? y + sheet.height : y;
  const top = Math.min(edge, near);
  return <rect class="sheet-stem" x={px(x)} y={px(top)} width={px(sheet.width)} height={px(Math.abs(near - edge))} />;
}
