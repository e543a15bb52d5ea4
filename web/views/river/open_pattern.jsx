import { useMemo } from "preact/hooks";
import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { stagedScores } from "../../layout/river/head_numbers.js";
import { px } from "../../layout/river/ribbons.js";
import { servingHead } from "../../state/kinds.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";

/**
 * @typedef {object} InsideBlockProps
 * @property {import("../../layout/river/open_block.js").OpenBlockLayout} layout
 * @property {import("../../state/figures_state.js").BlockData} block
 * @property {number} head
 * @property {import("../../layout/river/rows.js").Row[]} rows
 * @property {number} drawn
 * @property {Float64Array} by_row the head's pattern [row, row]
 */

/** The chosen head's pattern on the rivers: row = query, the rows' names along the diagonal. @param {InsideBlockProps} props */
export function OpenPattern({ layout, block, head, rows, drawn, by_row }) {
  const { state } = usePage();
  const language = state.language.value;
  const n_tokens = block.run.tokens.length;
  const stage = state.pattern_stage.value;
  const kv_head = servingHead(state.model_shape.value, head);
  const scores = useMemo(() => stagedScores(block, head, kv_head, stage), [block, head, stage]);
  const { cell_width } = layout;
  return (
    <>
      <text class="river-small" x={px(layout.pattern_x - 2)} y={px(rows[0].top - 8)}>
        {t(`river.stage.${stage}`)}
      </text>
      {rows.map((query, i) =>
        (scores ? rows : rows.slice(0, i + 1)).map((key, j) => {
          const weight = by_row[i * rows.length + j];
          const is_single = query.first === query.last && key.first === key.last;
          const score = scores && is_single ? scores[query.first * n_tokens + key.first] : null;
          const height = layout.cellHeight(i);
          const x = layout.pattern_x + j * cell_width;
          const box = {
            x: px(x + 0.75),
            y: px(query.y - height / 2),
            width: px(cell_width - 1.5),
            height: px(height),
            rx: cell_width > 20 ? 5 : 2,
          };
          const shade = stage === "softmax" ? 0.05 + 0.95 * weight : 0.05;
          const words =
            stage === "softmax"
              ? weight > 0.045
                ? String(Math.round(weight * 100))
                : ""
              : score === null
                ? ""
                : Number.isFinite(score)
                  ? formatNumber(score, language, Math.abs(score) < 10 ? 1 : 0).replace("-", "−")
                  : "−∞";
          return (
            <g
              key={`${i}-${j}`}
              class="pattern-cell"
              data-part={is_single ? `cell:${query.first}:${key.first}` : undefined}
            >
              <rect class="cell-ground" {...box} />
              <rect class="cell-weight" {...box} fill-opacity={(i === drawn ? 1 : 0.6) * shade} />
              {cell_width > 24 && words && (
                <text
                  class={weight > 0.5 && i === drawn && stage === "softmax" ? "cell-words on" : "cell-words"}
                  x={px(x + cell_width / 2)}
                  y={px(query.y + 4.5)}
                  text-anchor="middle"
                >
                  {words}
                </text>
              )}
            </g>
          );
        }),
      )}
      {rows.map(
        (row, i) =>
          layout.scale > 0.8 &&
          i !== drawn &&
          row.first === row.last && (
            <text key={i} class="river-small" x={px(layout.pattern_x + (i + 1) * cell_width + 6)} y={px(row.y + 4.5)}>
              {nameOf(block.run.tokens[row.first].label).slice(0, 9)}
            </text>
          ),
      )}
      <rect
        class="pattern-row"
        rx="8"
        x={px(layout.pattern_x - 3)}
        y={px(rows[drawn].y - layout.cellHeight(drawn) / 2 - 3)}
        width={px(cell_width * (drawn + 1) + 6)}
        height={px(layout.cellHeight(drawn) + 6)}
      />
    </>
  );
}
