import { useState } from "preact/hooks";
import { formatNumber, formatShare } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { clampNumber } from "../../state/limits.js";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";
import { readable } from "./line_words.js";

const WIDTHS = [2, 3, 4, 5];
const STEPS = { min: 1, max: 40 };

/** Several lines at once, the least surprising ones go on; they stand on the same tree. */
export function BeamSearch() {
  const { state, selectors, actions } = usePage();
  const [n_steps, setSteps] = useState(8);
  const search = state.beam_search.value;
  const is_playing = state.activity.value === "playing";
  const cannot = state.activity.value !== "idle" || selectors.is_full.value;
  return (
    <section class="beam" aria-labelledby="beam-title">
      <h3 id="beam-title">{t("past.beam")}</h3>
      <p class="hint">
        <Prose words="past.beam_note" />
      </p>
      <div class="past-tools">
        <label class="choice">
          <span>{t("past.beam_width")}</span>
          <select
            value={state.beam_width.value}
            onChange={(event) => actions.setBeamWidth(Number(event.currentTarget.value))}
          >
            {WIDTHS.map((width) => (
              <option key={width} value={width}>
                {width}
              </option>
            ))}
          </select>
        </label>
        <button type="button" disabled={cannot} onClick={actions.beamStep}>
          {t("past.beam_step")}
        </button>
        {is_playing ? (
          <button type="button" onClick={actions.stop}>
            {t("generate.stop")}
          </button>
        ) : (
          <button type="button" disabled={cannot} onClick={() => void actions.beamSteps(n_steps)}>
            {t("past.beam_steps", { count: n_steps })}
          </button>
        )}
        <input
          type="number"
          aria-label={t("past.beam_count")}
          {...STEPS}
          value={n_steps}
          onChange={(event) => {
            const count = clampNumber(event.currentTarget.value, STEPS, n_steps);
            event.currentTarget.value = String(count);
            setSteps(count);
          }}
        />
        {search && (
          <button type="button" class="quiet" disabled={cannot} onClick={actions.endBeamSearch}>
            {t("past.beam_new")}
          </button>
        )}
      </div>
      {search && <Candidates search={search} />}
    </section>
  );
}

/** The last step: what went on, and what fell behind. @param {{search: import("../../state/past_state.js").BeamSearch}} props */
function Candidates({ search }) {
  const { state, actions } = usePage();
  const language = state.language.value;
  const is_busy = state.activity.value !== "idle";
  return (
    <>
      <p role="status">{t("past.beam_at", { count: search.step })}</p>
      <ol class="beam-lines">
        {search.candidates.map((one, rank) => (
          <li key={rank} class={one.is_kept ? "" : "dropped"}>
            <span class="tree-words">{readable(one.words)}</span>
            <small>
              {formatShare(one.probability, language)} ·{" "}
              {t("past.beam_score", { bits: formatNumber(one.surprise, language, 2) })}
              {!one.is_kept && ` · ${t("past.beam_dropped")}`}
            </small>
            {one.is_kept && (
              <button
                type="button"
                class="quiet"
                disabled={is_busy}
                onClick={() => void actions.goTo(search.beams[rank].node)}
              >
                {t("past.beam_take")}
              </button>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
