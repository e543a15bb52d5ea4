import { useMemo } from "preact/hooks";
import { cellOf, sheetPaths } from "../../layout/river/cells.js";
import { px } from "../../layout/river/ribbons.js";
import { RAMP_LENGTH, useRamp } from "../figures/use_ramp.js";
import { hexOf } from "./strip_cells.jsx";

/**
 * A long vector as a sheet of cells, a pixel or more each; shapes, so that a saved file holds them too.
 * @param {{values: Float32Array, limit: number, placed: import("../../layout/river/open_mlp.js").Placed, role: string,
 *   pointed?: number | null, is_open?: boolean}} props `pointed`: the number looked at; `is_open`: each answers the pointer
 */
export function VectorSheet({ values, limit, placed: { x, y, sheet }, role, pointed = null, is_open = false }) {
  const { ramp } = useRamp(false);
  const cells = useMemo(
    () =>
      Array.from(sheetPaths(values, limit, sheet, RAMP_LENGTH), ([colour, path]) => (
        <path key={colour} d={path} fill={hexOf(ramp[colour])} />
      )),
    [values, limit, sheet.columns, sheet.cell, ramp],
  );
  const corner = pointed === null || pointed >= values.length ? null : cellOf(sheet, pointed);
  const frame = Math.max(4, sheet.cell + 2);
  return (
    <g class="vector-sheet" transform={`translate(${px(x)} ${px(y)})`}>
      <g class="sheet-cells">{cells}</g>
      <rect class={`strip-frame ${role}`} width={px(sheet.width)} height={px(sheet.height)} fill="none" />
      {corner && (
        <rect
          class="sheet-cursor"
          x={px(corner.x + sheet.cell / 2 - frame / 2)}
          y={px(corner.y + sheet.cell / 2 - frame / 2)}
          width={px(frame)}
          height={px(frame)}
        />
      )}
      {is_open && (
        <rect
          class="sheet-room"
          data-part={`sheet:${sheet.columns}:${values.length}`}
          width={px(sheet.width)}
          height={px(sheet.height)}
        />
      )}
    </g>
  );
}
