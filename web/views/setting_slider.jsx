import { formatNumber } from "../format.js";
import { t } from "../i18n/translate.js";
import { nearestStop, SAMPLING_LIMITS } from "../state/limits.js";
import { usePage } from "./page_context.js";

/** The slider of one setting, from stop to stop. @param {{name: import("../state/types.js").StageName}} props */
export function SettingSlider({ name }) {
  const { state, actions } = usePage();
  const sampling = state.sampling.value;
  const { stops, digits } = SAMPLING_LIMITS[name];
  const is_on = name === "temperature" || sampling[`is_${name}_on`];
  const value = sampling[name];
  return (
    <input
      type="range"
      aria-label={t("sampling.slider", { name: t(`sampling.${name}`) })}
      aria-valuetext={formatNumber(value, state.language.value, Number.isInteger(value) ? 0 : digits)}
      min={0}
      max={stops.length - 1}
      step={1}
      value={nearestStop(stops, value)}
      disabled={!is_on}
      onInput={(event) => actions.setSampling({ [name]: stops[Number(event.currentTarget.value)] })}
    />
  );
}
