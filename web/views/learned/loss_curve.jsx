import { useRef } from "preact/hooks";
import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { lossFrame, lossPath } from "../../layout/learned.js";
import { usePage } from "../page_context.js";
import { useSize } from "../use_size.js";

const HEIGHT_PX = 220;
const SOURCES = /** @type {const} */ (["books", "simple", "everyday", "curriculum"]);

/**
 * The loss of the recorded run on texts it never read, and where it stands now.
 * @param {{training: import("../../training_record.js").TrainingIndex, snapshot: number}} props
 */
export function LossCurve({ training, snapshot }) {
  const { state } = usePage();
  const room = useRef(/** @type {HTMLElement | null} */ (null));
  const { width } = useSize(room);
  const language = state.language.value;
  const { points, snapshots } = training;
  const tokens = points.map((point) => point.tokens);
  const losses = SOURCES.map((name) => points.map(({ held_out }) => held_out[name]));
  const frame = width > 0 ? lossFrame(tokens, losses.flat(), { width, height: HEIGHT_PX }) : null;
  const { tokens: read, is_shipped } = snapshots[snapshot];
  return (
    <section class="learned-loss" aria-labelledby="learned-loss">
      <h3 id="learned-loss">{t("learned.loss")}</h3>
      <p class="hint">{t("learned.loss_note")}</p>
      <div ref={/** @type {any} */ (room)} class="learned-room">
        {frame && (
          <svg
            width={width}
            height={HEIGHT_PX}
            role="img"
            aria-label={t("learned.loss_role", {
              first: formatNumber(losses[0][0], language, 1),
              last: formatNumber(losses[0][losses[0].length - 1], language, 1),
            })}
          >
            {frame.levels.map(({ y, loss }) => (
              <g key={loss}>
                <line class="learned-grid" x1={frame.x(0)} x2={width} y1={y} y2={y} />
                <text x={frame.x(0) - 6} y={y + 4} text-anchor="end">
                  {loss}
                </text>
              </g>
            ))}
            {frame.ticks.map(({ x, tokens: count }) => (
              <text key={count} x={x} y={HEIGHT_PX - 14} text-anchor={count === 0 ? "start" : "middle"}>
                {count === 0 ? t("learned.none") : formatNumber(count, language)}
              </text>
            ))}
            {!is_shipped && <line class="learned-now" x1={frame.x(read)} x2={frame.x(read)} y1={frame.y(0)} y2={12} />}
            {SOURCES.map((name, index) => (
              <path key={name} class={`learned-line line-${index}`} d={lossPath(frame, tokens, losses[index])} />
            ))}
          </svg>
        )}
      </div>
      <ul class="learned-keys">
        {SOURCES.map((name, index) => (
          <li key={name}>
            <span class={`learned-key line-${index}`} aria-hidden="true" />
            {t(`learned.source.${name}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}
