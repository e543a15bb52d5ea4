import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { isOf } from "../../state/workbench.js";
import { usePage } from "../page_context.js";
import { AttendedFigures } from "./attended_figures.jsx";
import { CodePanel } from "./code_panel.jsx";
import { SampledCurves, SampledTables } from "./sampled_figures.jsx";

/** @typedef {import("../../state/workbench_state.js").Kind} Kind */

/** A source behind a figure, to be edited; the figure as it is and by the reader's version. @param {{kind: Kind}} props */
export function Workbench({ kind }) {
  const { state } = usePage();
  return state.bench.value === kind ? <Open kind={kind} /> : null;
}

/** What stands in the sampling's tab. */
export function SamplingWorkbench() {
  return <Workbench kind="sampling" />;
}

/** @param {{kind: Kind}} props */
function Open({ kind }) {
  const { state } = usePage();
  const is_stored = state.run.value?.is_stored ?? true;
  const section = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const is_still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    section.current?.scrollIntoView({ block: "nearest", behavior: is_still ? "auto" : "smooth" });
  }, []);
  return (
    <section class="workbench" id={`workbench-${kind}`} aria-labelledby={`workbench-${kind}-title`} ref={section}>
      <h3 id={`workbench-${kind}-title`}>{t(`workbench.title.${kind}`)}</h3>
      <p class="hint">
        {t(`workbench.intro.${kind}`)} {t("workbench.apart")}
      </p>
      {is_stored ? (
        <p class="hint">{t("lens.needs_live")}</p>
      ) : (
        <>
          <div class="workbench-beside">
            <CodePanel kind={kind} />
            <Figures kind={kind} View={kind === "sampling" ? SampledCurves : AttendedFigures} />
          </div>
          {kind === "sampling" && <Figures kind={kind} View={SampledTables} />}
        </>
      )}
    </section>
  );
}

/**
 * Dimmed while they are of other inputs than those on screen.
 * @param {{kind: Kind, View: (props: {figures: import("../../state/workbench_state.js").BenchFigures}) => import("preact").ComponentChildren}} props
 */
function Figures({ kind, View }) {
  const { state, selectors } = usePage();
  const figures = state.bench_figures.value;
  if (!figures || figures.place.kind !== kind) return <p class="hint">{t("workbench.starting")}</p>;
  const is_current = isOf(figures, kind, state.run.value, selectors.options.value, state.layer.value, state.head.value);
  const is_waiting = !is_current || state.bench_activity.value !== "idle";
  return (
    <div class="workbench-figures" aria-busy={is_waiting}>
      <View figures={figures} />
    </div>
  );
}
