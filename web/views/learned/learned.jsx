import { formatNumber, formatShare } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { appearedAt, guessesAt, pointOf } from "../../layout/learned.js";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";
import { TokenLabel } from "../token_label.jsx";
import { HeadScores } from "./head_scores.jsx";
import { LossCurve } from "./loss_curve.jsx";
import { SmallPattern } from "./small_pattern.jsx";

const LISTED = 6;
// Done rightly this often, an exercise counts as learned.
const LEARNED = 0.9;

/** What the starter was like on its way from random weights: a slider over the tokens it had read; all figures follow. */
export function Learned() {
  const { state } = usePage();
  const training = state.training.value;
  return (
    <section class="learned" aria-labelledby="learned-title" aria-busy={training === null}>
      <h2 id="learned-title">{t("learned.title")}</h2>
      <p class="card-intro">
        <Prose words="learned.intro" />
      </p>
      {training ? <Figures training={training} /> : <p class="hint">{t("learned.waiting")}</p>}
    </section>
  );
}

/** @param {{training: import("../../training_record.js").TrainingIndex}} props */
function Figures({ training }) {
  const { state } = usePage();
  const snapshot = Math.min(state.snapshot.value, training.snapshots.length - 1);
  const point = pointOf(training, snapshot);
  return (
    <>
      <SnapshotSlider training={training} snapshot={snapshot} />
      <div class="learned-figures">
        <LossCurve training={training} snapshot={snapshot} />
        <Guesses training={training} snapshot={snapshot} />
        <div>
          {point ? <HeadScores point={point} /> : <p class="hint">{t("learned.other_run")}</p>}
          <SmallPattern snapshot={snapshot} />
        </div>
        <Abilities training={training} point={point} />
      </div>
    </>
  );
}

/** @param {{training: import("../../training_record.js").TrainingIndex, snapshot: number}} props */
function SnapshotSlider({ training, snapshot }) {
  const { state, actions } = usePage();
  const { tokens, is_shipped } = training.snapshots[snapshot];
  const words = t(is_shipped ? "learned.shipped" : tokens === 0 ? "learned.untrained" : "learned.read", {
    tokens: formatNumber(tokens, state.language.value),
  });
  return (
    <label class="snapshot-slider">
      <span>{words}</span>
      <input
        type="range"
        min={0}
        max={training.snapshots.length - 1}
        step={1}
        value={snapshot}
        aria-label={t("learned.slider")}
        aria-valuetext={words}
        onInput={(event) => actions.showSnapshot(Number(event.currentTarget.value))}
      />
    </label>
  );
}

/** The likeliest next tokens behind a token of a recorded text. @param {{training: import("../../training_record.js").TrainingIndex, snapshot: number}} props */
function Guesses({ training, snapshot }) {
  const { state, actions } = usePage();
  const record = state.training_record.value;
  const text = state.training_text.value;
  const is_here = record !== null && record.text === training.texts[text].text;
  const position = Math.min(state.training_position.value ?? Infinity, (record?.token_ids.length ?? 1) - 1);
  const guesses = is_here ? guessesAt(record, snapshot, position, LISTED) : [];
  return (
    <section class="learned-guesses" aria-labelledby="learned-next" aria-busy={!is_here}>
      <h3 id="learned-next">{t("learned.next")}</h3>
      <select
        aria-label={t("learned.text")}
        value={text}
        onChange={(event) => actions.showTrainingText(Number(event.currentTarget.value))}
      >
        {training.texts.map((entry, index) => (
          <option key={entry.file} value={index}>
            {entry.text}
          </option>
        ))}
      </select>
      {is_here && (
        <p class="learned-tokens">
          {record.token_ids.map((token_id, index) => (
            <button
              key={index}
              type="button"
              class="quiet"
              aria-pressed={index === position}
              onClick={() => actions.showTrainingPosition(index)}
            >
              <TokenLabel label={record.labels[token_id] ?? ""} />
            </button>
          ))}
        </p>
      )}
      <ol>
        {guesses.map(({ label, probability }, rank) => (
          <li key={rank}>
            <TokenLabel label={label} />
            <span class="bar" aria-hidden="true">
              <span class="bar-length" style={{ transform: `scaleX(${probability})` }} />
            </span>
            <span class="share">{formatShare(probability, state.language.value)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/**
 * What the recorded run could do at this point, and since when.
 * @param {{training: import("../../training_record.js").TrainingIndex, point: import("../../training_record.js").Point | null}} props
 */
function Abilities({ training, point }) {
  const { state } = usePage();
  const language = state.language.value;
  const last = training.points[training.points.length - 1];
  const shown = point ?? last;
  return (
    <section class="learned-abilities" aria-labelledby="learned-abilities">
      <h3 id="learned-abilities">{t("learned.abilities")}</h3>
      <p class="hint">{t("learned.abilities_note", { tokens: formatNumber(shown.tokens, language) })}</p>
      <ul>
        {Object.entries(shown.abilities).map(([name, share]) => {
          const since = appearedAt(training.points, name, LEARNED);
          return (
            <li key={name}>
              <span>{t(`learned.ability.${name}`)}</span>
              <span class="bar" aria-hidden="true">
                <span class="bar-length" style={{ transform: `scaleX(${share})` }} />
              </span>
              <span class="share">{formatShare(share, language)}</span>
              <span class="hint">
                {since === null ? "" : t("learned.since", { tokens: formatNumber(since, language) })}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
