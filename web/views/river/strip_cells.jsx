import { useMemo } from "preact/hooks";
import { px } from "../../layout/river/ribbons.js";
import { rampIndex } from "../../layout/strip.js";
import { RAMP_LENGTH, useRamp } from "../figures/use_ramp.js";

/**
 * A short vector as cells of colour, a pixel or more each; drawn as shapes, so that a saved file holds them too.
 * @param {{values: Float32Array, x: number, y: number, width: number, height: number, limit: number, role: string}} props
 */
export function StripCells({ values, x, y, width, height, limit, role }) {
  const { ramp } = useRamp(false);
  const cell = width / values.length;
  const colours = useMemo(
    () => Array.from(values, (value) => hexOf(ramp[rampIndex(value, limit, RAMP_LENGTH)])),
    [values, limit, ramp],
  );
  // Drawn anew only where something of it has changed.
  return useMemo(
    () => (
      <g>
        {colours.map((colour, index) => (
          <rect
            key={index}
            x={px(x + index * cell)}
            y={px(y)}
            width={px(cell + 0.3)}
            height={px(height)}
            fill={colour}
          />
        ))}
        <rect class={`strip-frame ${role}`} x={px(x)} y={px(y)} width={px(width)} height={px(height)} fill="none" />
      </g>
    ),
    [colours, x, y, width, height, role],
  );
}

/** "#rrggbb" of a pixel, which holds red in its lowest byte. @param {number} pixel */
export const hexOf = (pixel) =>
  `#${[0, 8, 16].map((shift) => ((pixel >> shift) & 255).toString(16).padStart(2, "0")).join("")}`;
