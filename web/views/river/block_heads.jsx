import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { px } from "../../layout/river/ribbons.js";
import { kindOf } from "../../state/kinds.js";
import { usePage } from "../page_context.js";

// Narrower blocks are numbered now and then only.
const NUMBER_PX = 26;

/** The ground of an open block, and lines between blocks. @param {import("./sheet_props.js").SheetProps} props */
export function BlockGround({ frame, spans, ends }) {
  const top = frame.rows.top - 52;
  return (
    <>
      {[...spans, ends.start, ends.end].map(({ x, width, openness }, layer) => (
        <g key={layer}>
          {openness > 0.02 && (
            <rect
              class="river-ground"
              x={px(x + 6)}
              y={top}
              width={px(width - 10)}
              height={px(frame.rows.height + 60)}
              rx="14"
              opacity={openness}
            />
          )}
          {layer < spans.length && openness < 0.5 && (spans[layer + 1]?.openness ?? 0) < 0.5 && (
            <line
              class="river-border"
              x1={px(x + width)}
              x2={px(x + width)}
              y1={top + 8}
              y2={frame.rows.top + frame.rows.height}
            />
          )}
        </g>
      ))}
    </>
  );
}

/**
 * The blocks' numbers; a click opens one.
 * @param {import("./sheet_props.js").SheetProps & {strongest: number | null}} props
 */
export function BlockHeads({ frame, spans, ends, strongest }) {
  const { state } = usePage();
  const part = state.open_part.value;
  const open = part?.layer ?? null;
  const end = part?.kind === "unembedding" ? ends.end : ends.start;
  const step = Math.max(1, Math.ceil(NUMBER_PX / Math.max(1, Math.min(...spans.map(({ width }) => width)))));
  return (
    <>
      <text class="river-head" x={frame.labels.x} y={frame.heads_y} text-anchor="end">
        {t("river.tokens")}
      </text>
      {spans.map(({ x, width }, layer) => {
        const is_open = open === layer;
        const is_named = is_open || (layer % step === 0 && (open === null || Math.abs(layer - open) >= step));
        const words = is_open
          ? t("attention.block_of", { number: ordinal(layer), count: spans.length })
          : String(ordinal(layer));
        const is_hinted = part === null && layer === strongest && !frame.is_narrow && width > 60;
        return (
          <g key={layer} class="river-block" data-part={`block:${layer}`}>
            <title>{t(is_open ? "river.close_block" : "river.open_block", { block: ordinal(layer) })}</title>
            <rect x={px(x)} y="0" width={px(width)} height="28" fill="transparent" />
            {is_named && (
              <text
                class={is_open ? "river-head open" : "river-head"}
                x={px(is_open ? x + 22 : x + width / 2)}
                y={frame.heads_y}
                text-anchor={is_open ? "start" : "middle"}
              >
                {layer === 0 && !is_open && width > 90 ? `${t("river.block")} ${words}` : words}
                {is_hinted && (
                  <tspan class="river-hint" dx="8" data-control>
                    {t("river.open")}
                  </tspan>
                )}
              </text>
            )}
            {is_open && <Close x={x + width - 22} frame={frame} />}
          </g>
        );
      })}
      {part && part.layer === null && (
        <g class="river-block" data-part={`open:${part.kind}`}>
          <rect x={px(end.x)} y="0" width={px(end.width)} height="28" fill="transparent" />
          <text class="river-head open" x={px(end.x + 22)} y={frame.heads_y}>
            {t(`section_title.${part.kind}`, kindOf(state.model_shape.value, part.kind))}
          </text>
          <Close x={end.x + end.width - 22} frame={frame} />
        </g>
      )}
    </>
  );
}

/** @param {{x: number, frame: import("../../layout/river/frame.js").Frame}} props */
function Close({ x, frame }) {
  return (
    <text data-control class="river-head river-close" x={px(x)} y={frame.heads_y} text-anchor="end">
      {frame.is_narrow ? "×" : `${t("close")} ×`}
    </text>
  );
}
