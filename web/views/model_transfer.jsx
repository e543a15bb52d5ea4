import { formatMegabytes, formatNumber } from "../format.js";
import { t } from "../i18n/translate.js";
import { Icon } from "./icon.jsx";
import { usePage } from "./page_context.js";
import { ProgressBar } from "./progress_bar.jsx";

/**
 * A model on its way: how much, how long, and a hand on it.
 * @param {{model: import("../state/types.js").Model}} props
 */
export function ModelTransfer({ model }) {
  const { state, actions } = usePage();
  const language = state.language.value;
  const is_paused = model.state === "paused";
  const key = is_paused ? "paused" : model.seconds_left === null ? "loading" : "loading_with_time";
  return (
    <div class="transfer">
      <ProgressBar
        label={t("models.progress", { name: model.display_name })}
        loaded_bytes={model.loaded_bytes}
        total_bytes={model.total_bytes || model.bytes}
      />
      <span class="transfer-words">
        {t(`models.transfer.${key}`, {
          name: model.display_name,
          loaded: formatMegabytes(model.loaded_bytes, language),
          total: formatMegabytes(model.total_bytes || model.bytes, language),
          seconds: formatNumber(model.seconds_left ?? 0, language),
        })}
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={t(is_paused ? "models.resume_named" : "models.pause_named", { name: model.display_name })}
        onClick={() => (is_paused ? actions.useModel(model.name) : actions.pauseModel(model.name))}
      >
        <Icon name={is_paused ? "play" : "pause"} />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={t("models.cancel_named", { name: model.display_name })}
        onClick={() => actions.cancelModel(model.name)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
