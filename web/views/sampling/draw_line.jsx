import { useRef } from "preact/hooks";
import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { lineParts } from "../../layout/sampling.js";
import { usePage } from "../page_context.js";
import { nameOf, wordWidth } from "../river/names.js";
import { useSize } from "../use_size.js";

const BAR = { top: 34, height: 40 };
const HEIGHT_PX = BAR.top + BAR.height + 22;
const LETTER_PX = 14;

/** The line from 0 to 1, a part for every token, and the number above it. @param {{figures: import("../../state/sampling_state.js").SamplingFigures}} props */
export function DrawLine({ figures: { steps, draws, labels } }) {
  const language = usePage().state.language.value;
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { width } = useSize(room);
  const last = draws.numbers.length - 1;
  const [number, rank] = [draws.numbers[last], draws.ranks[last]];
  const parts = lineParts(steps.columns.min_p.subarray(0, steps.listed));
  const x = number * width;
  const is_right = x > width / 2;
  return (
    <div class="draw-room" ref={room}>
      {width > 0 && (
        <svg width={width} height={HEIGHT_PX} role="img" aria-label={t("sampling.line_role")}>
          {parts.map(({ start, end, rank: part }) => {
            const label = part === null ? t("sampling.others") : nameOf(labels(steps.token_ids[part]));
            const room_px = (end - start) * width;
            const is_hit = part === rank;
            return (
              <g
                key={part ?? "others"}
                class={`draw-part ${is_hit ? "hit" : part === null ? "rest" : part % 2 ? "odd" : "even"}`}
              >
                <rect x={start * width} y={BAR.top} width={Math.max(0, room_px)} height={BAR.height} />
                {wordWidth(label, LETTER_PX) + 10 < room_px && (
                  <text x={((start + end) / 2) * width} y={BAR.top + BAR.height / 2 + 5} text-anchor="middle">
                    {label}
                  </text>
                )}
              </g>
            );
          })}
          {rank >= steps.listed && (
            <rect
              class="draw-sliver"
              x={draws.starts[last] * width}
              y={BAR.top}
              width={Math.max(1.5, (draws.ends[last] - draws.starts[last]) * width)}
              height={BAR.height}
            />
          )}
          <g key={number} class="draw-number">
            <path d={`M${x},${BAR.top + 2}l-7,-13h14z`} />
            <line x1={x} x2={x} y1={BAR.top} y2={BAR.top + BAR.height} />
            <text x={x + (is_right ? -12 : 12)} y={BAR.top - 6} text-anchor={is_right ? "end" : "start"}>
              {formatNumber(number, language, 4)}
            </text>
          </g>
          <text class="draw-end" x={0} y={HEIGHT_PX - 6}>
            0
          </text>
          <text class="draw-end" x={width} y={HEIGHT_PX - 6} text-anchor="end">
            1
          </text>
        </svg>
      )}
    </div>
  );
}
