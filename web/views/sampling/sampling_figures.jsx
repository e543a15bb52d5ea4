import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";
import { Candidates } from "./candidates.jsx";
import { DrawFigure } from "./draw_figure.jsx";
import { MassCurve } from "./mass_curve.jsx";
import { Spread } from "./spread.jsx";
import { TokenSearch } from "./token_search.jsx";

/** The settings at work: the vocabulary as a curve, the likeliest tokens through every step, the draw. */
export function SamplingFigures() {
  const { state, selectors } = usePage();
  const figures = state.sampling_figures.value;
  const is_stored = state.run.value?.is_stored ?? true;
  if (is_stored || !figures) return <p class="hint">{t(is_stored ? "lens.needs_live" : "lens.waiting")}</p>;
  const is_waiting = figures.run !== state.run.value || figures.options !== selectors.options.value;
  return (
    <div class="sampling-figures" aria-busy={is_waiting}>
      <div class="sampling-whole">
        <MassCurve figures={figures} />
        <Spread spread={figures.steps.spread} />
      </div>
      <DrawFigure figures={figures} />
      <div>
        <TokenSearch />
        <Candidates steps={figures.steps} options={figures.options} labelOf={figures.labels} />
      </div>
    </div>
  );
}
