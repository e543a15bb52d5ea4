import { formatNumber } from "../format.js";
import { t } from "../i18n/translate.js";
import { usePage } from "./page_context.js";

/** @typedef {import("../state/types.js").BackendChoice} BackendChoice */

const CHOICES = /** @type {BackendChoice[]} */ (["auto", "processor", "card"]);

/**
 * Where the model in use is computed, what trying the graphics card has shown, and the choice between both.
 * @param {{model: import("../state/types.js").Model & {compute: NonNullable<import("../state/types.js").Model["compute"]>}}} props
 */
export function ModelCompute({ model }) {
  const { state, actions } = usePage();
  const { backend, threads, choice, has_card } = model.compute;
  return (
    <div class="model-compute">
      <p role="status">
        {t(`compute.on.${backend}`, { threads: formatNumber(threads, state.language.value) })}{" "}
        {trialWords(model.compute, state.language.value)}
      </p>
      {has_card && (
        <label class="model-compute-choice">
          {t("compute.label")}{" "}
          <select
            value={choice}
            onChange={(event) =>
              void actions.chooseBackend(model.name, /** @type {BackendChoice} */ (event.currentTarget.value))
            }
          >
            {CHOICES.map((name) => (
              <option key={name} value={name}>
                {t(`compute.choice.${name}`)}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

/** @param {import("../state/types.js").Compute} compute @param {import("../state/types.js").Language} language */
function trialWords({ is_trying, trial }, language) {
  if (is_trying) return t("compute.trying");
  if (!trial) return "";
  if (trial.card_ms === null || trial.processor_ms === null) return t(`compute.trial.${trial.verdict}`);
  const milliseconds = (/** @type {number} */ value) => formatNumber(Math.round(value), language);
  return t(`compute.trial.${trial.verdict}`, {
    card: milliseconds(trial.card_ms),
    processor: milliseconds(trial.processor_ms),
  });
}
