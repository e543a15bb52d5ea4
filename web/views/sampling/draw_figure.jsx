import { formatNumber, formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";
import { nameOf } from "../river/names.js";
import { ClassFigure } from "./class_figure.jsx";
import { DrawLine } from "./draw_line.jsx";
import { Tally } from "./tally.jsx";
import { optionsWords } from "./words.js";

/** @typedef {import("../../state/sampling_state.js").SamplingFigures} SamplingFigures */

const KINDS = /** @type {const} */ (["100", "1000", "class"]);

/** A number falls on a line, and that is the next token; once, many times, or once in every seat of a class. @param {{figures: SamplingFigures}} props */
export function DrawFigure({ figures }) {
  const { state, actions } = usePage();
  const language = state.language.value;
  const kind = state.draw_kind.value;
  return (
    <section class="draw" aria-labelledby="draw-title">
      <h3 id="draw-title">{t("sampling.draw")}</h3>
      <p class="hint">
        <Prose words="sampling.draw_note" />
      </p>
      <div class="draw-tools" role="group" aria-labelledby="draw-title">
        <button type="button" aria-pressed={kind === "one"} onClick={actions.drawAgain}>
          {t(kind === "one" ? "sampling.draw_again" : "sampling.draw_single")}
        </button>
        {KINDS.map((name) => (
          <button key={name} type="button" aria-pressed={kind === name} onClick={() => actions.showDraws(name)}>
            {t(`sampling.draws.${name}`)}
          </button>
        ))}
      </div>
      {figures.kind === "one" && <One figures={figures} />}
      {(figures.kind === "100" || figures.kind === "1000") && <Tally figures={figures} />}
      {figures.kind === "class" && <ClassFigure figures={figures} />}
      <p class="hint">{t("sampling.draw_settings", { settings: optionsWords(figures.options, language) })}</p>
    </section>
  );
}

/** The last of the numbers that were asked for. @param {{figures: SamplingFigures}} props */
function One({ figures }) {
  const { state, selectors, actions } = usePage();
  const language = state.language.value;
  const { draws, options, labels } = figures;
  const last = draws.numbers.length - 1;
  const token_id = draws.token_ids[last];
  const label = nameOf(labels(token_id));
  const can_grow = selectors.is_live.value && !selectors.is_full.value && state.activity.value === "idle";
  return (
    <>
      <p aria-live="polite">
        {t("sampling.drawn", {
          which: formatNumber(ordinal(last), language),
          seed: String(options.seed),
          number: formatNumber(draws.numbers[last], language, 4),
          label,
          from: formatNumber(draws.starts[last], language, 4),
          to: formatNumber(draws.ends[last], language, 4),
          share: formatShare(draws.ends[last] - draws.starts[last], language),
        })}{" "}
        {last === 0 && t("sampling.drawn_first")}
      </p>
      <DrawLine figures={figures} />
      <button type="button" class="quiet" disabled={!can_grow} onClick={() => void actions.choose(token_id)}>
        {t("sampling.go_on_with", { label })}
      </button>
    </>
  );
}
