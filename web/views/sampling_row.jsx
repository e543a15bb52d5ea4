import { formatShare } from "../format.js";
import { t } from "../i18n/translate.js";
import { clampNumber, SAMPLING_LIMITS } from "../state/limits.js";
import { usePage } from "./page_context.js";
import { SettingSlider } from "./setting_slider.jsx";

const CUTS = /** @type {const} */ (["top_k", "top_p", "min_p"]);

/**
 * One step of the sampling: its switch, slider and number, and what it keeps and drops.
 * @param {{name: import("../state/types.js").StageName, stage: import("../state/types.js").Stage | null}} props
 */
export function SamplingRow({ name, stage }) {
  const { state, selectors, actions } = usePage();
  // What a stored run kept is no answer to other settings; a live one follows within a moment.
  const is_answered = selectors.is_live.value || selectors.is_prediction_current.value;
  const sampling = state.sampling.value;
  const value = sampling[name];
  const earlier = CUTS.slice(0, CUTS.indexOf(/** @type {any} */ (name)));
  const before = earlier.findLast((cut) => sampling[`is_${cut}_on`]) ?? "temperature";
  const is_on = name === "temperature" || sampling[`is_${name}_on`];
  const limits = SAMPLING_LIMITS[name];
  const language = state.language.value;
  const words = t(`sampling.${name}`);

  /** @param {string} text */
  const set = (text) => actions.setSampling({ [name]: clampNumber(text, limits, value) });

  return (
    <li class={is_on ? "sampling-row" : "sampling-row off"}>
      <div class="sampling-head">
        {name === "temperature" ? (
          <span class="sampling-name">{words}</span>
        ) : (
          <label class="sampling-name">
            <input
              type="checkbox"
              role="switch"
              checked={is_on}
              onChange={(event) => actions.setSampling({ [`is_${name}_on`]: event.currentTarget.checked })}
            />
            {words}
          </label>
        )}
        <p class="sampling-note">
          {name === "temperature"
            ? t(value === 0 ? "sampling.greedy" : "sampling.temperature_note")
            : cutWords(is_answered ? stage : null, is_on ? before : null, language)}
        </p>
      </div>
      <div class="sampling-controls">
        <SettingSlider name={name} />
        <input
          type="number"
          aria-label={words}
          min={limits.min}
          max={limits.max}
          step={limits.step}
          value={value}
          disabled={!is_on}
          onChange={(event) => {
            set(event.currentTarget.value);
            event.currentTarget.value = String(state.sampling.value[name]);
          }}
        />
      </div>
      {name !== "temperature" && (
        <div class="cut-bar" aria-hidden="true">
          <div
            class="cut-kept"
            style={{ transform: `scaleX(${is_on && is_answered ? (stage?.kept_mass ?? 1) : 1})` }}
          />
        </div>
      )}
    </li>
  );
}

/**
 * What a cut keeps and drops, and of what.
 * @param {import("../state/types.js").Stage | null} stage @param {import("../state/types.js").StageName | null} before whose
 *   leavings it works on; null: it is off
 * @param {import("../state/types.js").Language} language
 */
function cutWords(stage, before, language) {
  if (before === null) return t("sampling.off");
  if (!stage) return "";
  return t("sampling.cut", {
    count: stage.kept_count,
    kept: formatShare(stage.kept_mass, language),
    dropped: formatShare(stage.dropped_mass, language),
    of: t(`sampling.of.${before}`),
  });
}
