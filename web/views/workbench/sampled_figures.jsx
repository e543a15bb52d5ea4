import { t } from "../../i18n/translate.js";
import { CandidateTable } from "../sampling/candidates.jsx";
import { MassCurve } from "../sampling/mass_curve.jsx";
import { YoursOr } from "./yours_or.jsx";

/** @typedef {import("../../state/workbench_state.js").BenchFigures} BenchFigures */

// Each cut is followed by renormalise: a rule that is off is not called.
const RULES = ["divide", "softmax", "top_k", "top_p", "min_p"];

/** The vocabulary as a curve, by the page's source and by the reader's. @param {{figures: BenchFigures}} props */
export function SampledCurves({ figures: { place, original, yours } }) {
  if (place.kind !== "sampling") return null;
  const uncalled = RULES.filter((name) => !original.called.includes(name));
  return (
    <>
      <section class="workbench-figure">
        <h4>{t("workbench.original")}</h4>
        <MassCurve figures={{ steps: original.steps, options: place.options }} />
      </section>
      <section class="workbench-figure yours">
        <h4>{t("workbench.yours")}</h4>
        <YoursOr yours={yours}>
          {(figure) => <MassCurve figures={{ steps: figure.steps, options: place.options }} />}
        </YoursOr>
        {uncalled.length > 0 && <p class="hint">{t("workbench.uncalled", { names: uncalled.join(", ") })}</p>}
      </section>
    </>
  );
}

/** The likeliest tokens through every step, by both. @param {{figures: BenchFigures}} props */
export function SampledTables({ figures: { place, original, yours } }) {
  if (place.kind !== "sampling") return null;
  const { options, labels } = place;
  const figure = yours?.figure;
  return (
    <>
      <section class="workbench-figure">
        <h4>{t("workbench.original")}</h4>
        <CandidateTable steps={original.steps} options={options} labelOf={labels} />
      </section>
      {figure && (
        <section class="workbench-figure yours">
          <h4>{t("workbench.yours")}</h4>
          <CandidateTable steps={figure.steps} options={options} labelOf={labels} />
        </section>
      )}
    </>
  );
}
