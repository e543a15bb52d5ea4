import { t } from "../../i18n/translate.js";
import { headOf } from "../../layout/river/head_numbers.js";
import { bandPath, px } from "../../layout/river/ribbons.js";
import { scaleLimit } from "../../layout/strip.js";
import { servingHead } from "../../state/kinds.js";
import { usePage } from "../page_context.js";
import { StripCells } from "./strip_cells.jsx";

/**
 * The values that the chosen head fetches, by ribbons as thick as their weights, and what it makes of them.
 * @param {import("./open_pattern.jsx").InsideBlockProps & {position: number, n_drawn: number}} props `n_drawn`: of so
 *   many rows the strips are drawn already
 */
export function OpenValues({ layout, block, head, rows, drawn, by_row, position, n_drawn }) {
  const { state } = usePage();
  const values = headOf(block, "value", servingHead(state.model_shape.value, head));
  const output = headOf(block, "head_output", head);
  if (!values || !output) return null;
  const d_head = values.length / block.run.tokens.length;
  const limit = scaleLimit(values);
  const box = layout.output;
  const vectorOf = (/** @type {Float32Array} */ data, /** @type {number} */ token) =>
    data.subarray(token * d_head, (token + 1) * d_head);
  let landed = box.y;
  return (
    <>
      {layout.scale > 0.8 && (
        <text class="river-small" x={px(layout.values.x)} y={px(rows[0].top - 8)}>
          {t("river.values")}
        </text>
      )}
      {rows.slice(0, drawn + 1).map((row, j) => {
        const weight = by_row[drawn * rows.length + j];
        const thickness = weight * box.height;
        const from = {
          x: layout.values.x + layout.values.width,
          y: row.y,
          thickness: Math.min(thickness, layout.values.height),
        };
        const path = bandPath(from, { x: box.x, y: landed + thickness / 2, thickness });
        landed += thickness;
        return (
          <g key={j}>
            <path class="value-ribbon" d={path} opacity={0.18 + 0.5 * Math.min(1, weight * 1.3)} />
            {j < n_drawn && row.first === row.last && (
              <g opacity={0.3 + 0.7 * Math.min(1, weight * 2 + 0.1)} data-part="section:qkv">
                <StripCells
                  values={vectorOf(values, row.first)}
                  x={layout.values.x}
                  y={row.y - layout.values.height / 2}
                  width={layout.values.width}
                  height={layout.values.height}
                  limit={limit}
                  role="value"
                />
              </g>
            )}
          </g>
        );
      })}
      <rect
        class="cell-ground"
        x={px(box.x - 3)}
        y={px(box.y - 3)}
        width={px(box.width + 6)}
        height={px(box.height + 6)}
        rx="6"
      />
      <StripCells
        values={vectorOf(output, position)}
        x={box.x}
        y={box.y}
        width={box.width}
        height={box.height}
        limit={scaleLimit(vectorOf(output, position))}
        role="value"
      />
    </>
  );
}
