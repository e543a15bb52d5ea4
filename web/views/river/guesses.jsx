import { formatShare } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { guessLabels } from "../../layout/river/guesses.js";
import { px } from "../../layout/river/ribbons.js";
import { usePage } from "../page_context.js";
import { nameOf, wordWidth } from "./names.js";

const WORD_MOST = 12;

/** What the model would say if it stopped after a block. @param {import("./sheet_props.js").SheetProps} props */
export function Guesses({ shown, frame, rows, spans, ends, drawn }) {
  const { state } = usePage();
  const row = rows[drawn];
  const endOf = (/** @type {{x: number, width: number}} */ { x, width }) => x + width;
  // The last block's word is said at the river's end.
  const places = [endOf(ends.start), ...spans.slice(0, -1).map(endOf), endOf(ends.end)];
  const word = (/** @type {number} */ token_id) => {
    const name = nameOf(shown.labels.get(token_id) ?? "");
    return name.length > WORD_MOST ? `${name.slice(0, WORD_MOST - 1)}…` : name;
  };
  const widthOf = (/** @type {number} */ token_id) =>
    Math.max(frame.is_narrow ? 34 : 46, wordWidth(word(token_id), 16));
  // Words stay within the figure.
  const middle = (/** @type {number} */ x, /** @type {number} */ token_id) =>
    Math.min(x, frame.width - widthOf(token_id) / 2 - 2);
  const guesses = guessLabels(shown.data, places, widthOf);
  const y = frame.guesses_y;
  return (
    <g class="river-guesses">
      <text
        class="river-said"
        x={frame.labels.x}
        y={frame.is_narrow ? y - 24 : y}
        text-anchor={frame.is_narrow ? "start" : "end"}
        {...(frame.is_narrow && { x: 0 })}
      >
        {frame.is_narrow ? (
          t("river.if_stopped_short")
        ) : (
          <>
            <tspan x={frame.labels.x}>{t("river.if_stopped")}</tspan>
            <tspan x={frame.labels.x} dy="18">
              {t("river.would_say")}
            </tspan>
          </>
        )}
      </text>
      {guesses.map(({ layer, x, token_id, probability, is_strong, is_last }) => (
        <g key={layer}>
          {!frame.is_narrow && (
            <line class="river-plumb" x1={px(x)} x2={px(x)} y1={px(row.y + row.thickness / 2 + 3)} y2={y - 17} />
          )}
          <text
            class={is_last ? "guess last" : is_strong ? "guess strong" : "guess"}
            x={px(middle(x, token_id))}
            y={y}
            text-anchor="middle"
          >
            {word(token_id)}
          </text>
          <text class="guess-share" x={px(middle(x, token_id))} y={y + 18} text-anchor="middle">
            {formatShare(probability, state.language.value)}
          </text>
        </g>
      ))}
    </g>
  );
}
