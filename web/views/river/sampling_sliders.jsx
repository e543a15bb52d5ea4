import { useState } from "preact/hooks";
import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { SAMPLING_LIMITS } from "../../state/limits.js";
import { usePage } from "../page_context.js";
import { SettingSlider } from "../setting_slider.jsx";

/** Temperature and top-p; top-k and min-p behind a switch. */
export function SamplingSliders() {
  const { state } = usePage();
  const { is_top_k_on, is_min_p_on } = state.sampling.value;
  const [is_more, setMore] = useState(is_top_k_on || is_min_p_on);
  return (
    <div class="sliders" data-tour="sampling">
      <Slider name="temperature" />
      <Slider name="top_p" />
      {is_more && <Slider name="top_k" />}
      {is_more && <Slider name="min_p" />}
      <button type="button" class="quiet sliders-more" aria-expanded={is_more} onClick={() => setMore(!is_more)}>
        {t(is_more ? "river.fewer_settings" : "river.more_settings")}
      </button>
    </div>
  );
}

/** @param {{name: import("../../state/types.js").StageName}} props */
function Slider({ name }) {
  const { state, actions } = usePage();
  const language = state.language.value;
  const sampling = state.sampling.value;
  const limits = SAMPLING_LIMITS[name];
  const is_on = name === "temperature" || sampling[`is_${name}_on`];
  const words = t(`sampling.${name}`);
  return (
    <div class={is_on ? "slider" : "slider off"}>
      <div class="slider-head">
        {name === "temperature" ? (
          <span>{words}</span>
        ) : (
          <label>
            <input
              type="checkbox"
              role="switch"
              checked={is_on}
              onChange={(event) => actions.setSampling({ [`is_${name}_on`]: event.currentTarget.checked })}
            />
            {words}
          </label>
        )}
        <output>{is_on ? formatNumber(sampling[name], language, Math.min(2, limits.digits)) : t("river.off")}</output>
      </div>
      <SettingSlider name={name} />
    </div>
  );
}
