import { useMemo } from "preact/hooks";
import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { headOf } from "../../layout/river/head_numbers.js";
import { patternByRow } from "../../layout/river/open_block.js";
import { px } from "../../layout/river/ribbons.js";

/**
 * Another head's pattern, small: its strongest cells.
 * @param {{block: import("../../state/figures_state.js").BlockData, head: number, box: import("../../layout/river/open_block.js").Box,
 *   rows: import("../../layout/river/rows.js").Row[]}} props
 */
export function HeadThumbnail({ block, head, box, rows }) {
  const n_tokens = block.run.tokens.length;
  const cells = useMemo(() => {
    const pattern = headOf(block, "attention_pattern", head);
    if (!pattern) return [];
    const by_row = patternByRow(pattern, n_tokens, rows);
    const strongest = [];
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j <= i; j++)
        if (by_row[i * rows.length + j] > 0.08) strongest.push({ i, j, weight: by_row[i * rows.length + j] });
    }
    return strongest;
  }, [block, head, rows]);
  const size = box.width / rows.length;
  return (
    <g class="head-thumbnail" data-part={`head:${head}`}>
      <title>{t("river.head", { head: ordinal(head) })}</title>
      <rect
        class="thumbnail-ground"
        x={px(box.x - 1)}
        y={px(box.y - 1)}
        width={px(box.width + 2)}
        height={px(box.height + 2)}
        rx="3"
      />
      {cells.map(({ i, j, weight }) => (
        <rect
          key={`${i}-${j}`}
          class="cell-weight"
          x={px(box.x + j * size)}
          y={px(box.y + i * size)}
          width={px(size + 0.2)}
          height={px(size + 0.2)}
          fill-opacity={weight}
        />
      ))}
      <text class="river-small" x={px(box.x - 6)} y={px(box.y + box.height / 2 + 4.5)} text-anchor="end">
        {ordinal(head)}
      </text>
      <rect
        x={px(box.x - 20)}
        y={px(box.y - 2)}
        width={px(box.width + 22)}
        height={px(box.height + 4)}
        fill="transparent"
      />
    </g>
  );
}
