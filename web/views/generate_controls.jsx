import { t } from "../i18n/translate.js";
import { clampNumber, PACES_MS, PLAY_COUNT_MAX } from "../state/limits.js";
import { ChatSwitch } from "./chat_row.jsx";
import { Icon } from "./icon.jsx";
import { usePage } from "./page_context.js";

/** Generate one, play many, stop, undo. */
export function GenerateControls() {
  const { state, selectors, actions } = usePage();
  const is_playing = state.activity.value === "playing";
  const cannot_grow = !selectors.is_live.value || state.text.value === "" || selectors.is_full.value;
  return (
    <div class="generate">
      <div class="generate-buttons" data-tour="generate" role="group" aria-label={t("generate.group")}>
        <button type="button" class="primary" disabled={cannot_grow || is_playing} onClick={actions.generate}>
          {t("generate.one")}
        </button>
        {is_playing ? (
          <button type="button" class="with-icon play" onClick={actions.stop}>
            <Icon name="stop" />
            {t("generate.stop")}
          </button>
        ) : (
          <button type="button" class="with-icon play" disabled={cannot_grow} onClick={actions.play}>
            <Icon name="play" />
            {t("generate.play")}
          </button>
        )}
        <button
          type="button"
          class="with-icon"
          disabled={selectors.n_added.value === 0 || is_playing}
          onClick={actions.undo}
        >
          <Icon name="undo" />
          {t("generate.undo")}
        </button>
      </div>
      <div class="generate-pace">
        <ChatSwitch />
        <TokenCount />
        <label class="play-count">
          <span class="visually-hidden">{t("generate.count")}</span>
          <input
            type="number"
            min={1}
            max={PLAY_COUNT_MAX}
            value={state.play_count.value}
            onChange={(event) => {
              const count = clampNumber(
                event.currentTarget.value,
                { min: 1, max: PLAY_COUNT_MAX },
                state.play_count.value,
              );
              event.currentTarget.value = String(count);
              actions.setPlayCount(count);
            }}
          />
        </label>
        <label class="pace">
          <span class="visually-hidden">{t("generate.pace")}</span>
          <select value={state.pace_ms.value} onChange={(event) => actions.setPace(Number(event.currentTarget.value))}>
            {PACES_MS.map((pace_ms) => (
              <option key={pace_ms} value={pace_ms}>
                {t(`generate.pace_${pace_ms}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p id="text-hint" class="visually-hidden">
        {t("prompt.hint")}
      </p>
    </div>
  );
}

/** How much of what the model can read is used. */
function TokenCount() {
  const { selectors } = usePage();
  const count = selectors.n_tokens.value;
  const n_ctx = selectors.n_ctx.value;
  const words =
    count === null
      ? t("tokens.count_waiting")
      : n_ctx === null
        ? t("tokens.count", { count })
        : t("tokens.count_of", { count, n_ctx });
  return (
    <p id="token-count" class={selectors.is_too_long.value ? "token-count over" : "token-count"}>
      {words}
    </p>
  );
}
