import { formatNumber } from "../format.js";
import { t } from "../i18n/translate.js";
import { clampNumber, PRESETS, SEED_MAX } from "../state/limits.js";
import { fromOptions, sameProbabilities } from "../state/selectors.js";
import { CardTitle } from "./card_title.jsx";
import { Icon } from "./icon.jsx";
import { Later } from "./later.jsx";
import { usePage } from "./page_context.js";
import { Prose } from "./prose.jsx";
import { optionsWords } from "./sampling/words.js";
import { SamplingRow } from "./sampling_row.jsx";
import { WorkbenchButton } from "./workbench/workbench_button.jsx";

const CUTS = /** @type {const} */ (["top_k", "top_p", "min_p"]);

/** From logits to the probabilities a token is drawn from, one row a step, in the order they are computed. */
export function SamplingPanel() {
  const { state, selectors } = usePage();
  const prediction = state.prediction.value;
  const is_waiting = prediction !== null && !selectors.is_prediction_current.value;
  const stages = prediction?.stages ?? [];
  return (
    <section class="card sampling" aria-labelledby="sampling-title" aria-busy={is_waiting}>
      <div class="card-head">
        <CardTitle id="sampling-title" words={t("sampling.title")} />
        <WorkbenchButton kind="sampling" />
      </div>
      <p class="card-intro">
        {prediction ? (
          <Prose words="sampling.intro" values={{ count: formatNumber(prediction.vocab_size, state.language.value) }} />
        ) : (
          t("sampling.intro_waiting")
        )}
      </p>
      <Later pick={({ SamplingWorkbench }) => SamplingWorkbench} />
      <Presets />
      <div class="sampling-columns">
        <ol class="sampling-steps">
          <SamplingRow name="temperature" stage={null} />
          {CUTS.map((name) => (
            <SamplingRow key={name} name={name} stage={stages.find((stage) => stage.name === name) ?? null} />
          ))}
          <Seed />
        </ol>
        <Later pick={({ SamplingFigures }) => SamplingFigures} />
      </div>
      {is_waiting && !selectors.is_live.value && <p class="hint">{t("sampling.waiting")}</p>}
    </section>
  );
}

/** Settings worth a look, each with its values. */
function Presets() {
  const { state, selectors, actions } = usePage();
  const language = state.language.value;
  const options = selectors.options.value;
  return (
    <div class="presets" role="group" aria-label={t("sampling.presets")}>
      {Object.entries(PRESETS).map(([name, preset]) => (
        <button
          key={name}
          type="button"
          aria-pressed={sameProbabilities(options, { ...preset, seed: options.seed })}
          onClick={() => actions.setSampling(fromOptions({ ...preset, seed: options.seed }, state.sampling.value))}
        >
          {t(`sampling.preset.${name}`)}
          <small>{optionsWords(preset, language)}</small>
        </button>
      ))}
    </div>
  );
}

/** The start of the random numbers: the same seed, text and settings give the same token. */
function Seed() {
  const { state, actions } = usePage();
  const seed = state.sampling.value.seed;
  return (
    <li class="sampling-row">
      <div class="sampling-head">
        <label class="sampling-name" for="seed">
          {t("sampling.seed")}
        </label>
        <span class="seed-tools">
          <button
            type="button"
            class="icon-button"
            aria-label={t("sampling.new_seed")}
            title={t("sampling.new_seed")}
            onClick={actions.newSeed}
          >
            <Icon name="dice" />
          </button>
          <input
            id="seed"
            type="number"
            min={0}
            max={SEED_MAX}
            value={seed}
            onChange={(event) => {
              const value = clampNumber(event.currentTarget.value, { min: 0, max: SEED_MAX }, seed);
              event.currentTarget.value = String(value);
              actions.setSampling({ seed: value });
            }}
          />
        </span>
      </div>
      <p class="hint">
        <Prose words="sampling.seed_note" />
      </p>
    </li>
  );
}
