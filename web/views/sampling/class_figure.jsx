import { useRef } from "preact/hooks";
import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { lineParts } from "../../layout/sampling.js";
import { Figure } from "../figures/figure_frame.jsx";
import { usePage } from "../page_context.js";
import { nameOf, wordWidth } from "../river/names.js";
import { useSize } from "../use_size.js";
import { Tally } from "./tally.jsx";

const LEFT_PX = 92;
const LEAST_PITCH_PX = 18;
const PLOT = { top: 8, height: 190 };
const WORDS_PX = 96;
const HEIGHT_PX = PLOT.top + PLOT.height + 24 + WORDS_PX;
const LETTER_PX = 13;

/** One column a seat: the same text and settings, another seed each. @param {{figures: import("../../state/sampling_state.js").SamplingFigures}} props */
export function ClassFigure({ figures }) {
  const { steps, draws, labels } = figures;
  const language = usePage().state.language.value;
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { width } = useSize(room);
  const [n_seats] = draws.shape;
  const pitch = Math.max(LEAST_PITCH_PX, (width - LEFT_PX) / n_seats);
  const parts = lineParts(steps.columns.min_p.subarray(0, steps.listed));
  const y = (/** @type {number} */ number) => PLOT.top + number * PLOT.height;
  const names = Array.from(draws.token_ids, (token_id) => nameOf(labels(token_id)));
  const right = LEFT_PX + pitch * n_seats;
  const data = {
    title: t("sampling.class_title", { count: n_seats }),
    row_axis: t("sampling.seed"),
    column_axis: t("sampling.number"),
    column_labels: [t("sampling.number")],
    rows: names.map((name, seat) => ({ label: `${seat + 1}: ${name}`, values: [draws.numbers[seat]], limit: 1 })),
  };
  return (
    <>
      <Figure data={data} role="attention" hint={t("sampling.class_hint")}>
        {(ids) => (
          <div class="class-room" ref={room} tabIndex={0} role="group" aria-labelledby={ids.title}>
            {width > 0 && (
              <svg
                width={right}
                height={HEIGHT_PX}
                role="img"
                aria-label={names.map((name, seat) => `${seat + 1}: ${name}`).join(", ")}
              >
                {parts.map(({ start, end, rank }) => (
                  <g key={rank ?? "others"} class={`draw-part ${rank === null ? "rest" : rank % 2 ? "odd" : "even"}`}>
                    <rect x={LEFT_PX} y={y(start)} width={right - LEFT_PX} height={Math.max(0, y(end) - y(start))} />
                    {y(end) - y(start) > LETTER_PX && (
                      <text class="draw-end" x={LEFT_PX - 8} y={(y(start) + y(end)) / 2 + 4} text-anchor="end">
                        {shortened(
                          rank === null ? t("sampling.others") : nameOf(labels(steps.token_ids[rank])),
                          LEFT_PX - 10,
                        )}
                      </text>
                    )}
                  </g>
                ))}
                {names.map((name, seat) => {
                  const x = LEFT_PX + (seat + 0.5) * pitch;
                  return (
                    <g key={seat} class="class-seat">
                      <line x1={x} x2={x} y1={PLOT.top} y2={y(1)} />
                      <circle cx={x} cy={y(draws.numbers[seat])} r={4.5} />
                      <text class="draw-end" x={x} y={y(1) + 17} text-anchor="middle">
                        {formatNumber(seat + 1, language)}
                      </text>
                      <text transform={`translate(${x + 4},${y(1) + 26}) rotate(90)`}>{shortened(name, WORDS_PX)}</text>
                    </g>
                  );
                })}
              </svg>
            )}
          </div>
        )}
      </Figure>
      <Tally figures={figures} />
    </>
  );
}

/** @param {string} word @param {number} room px */
function shortened(word, room) {
  let length = word.length;
  while (length > 1 && wordWidth(word.slice(0, length), LETTER_PX) > room) length--;
  return length < word.length ? `${word.slice(0, length - 1)}…` : word;
}
