import { useEffect, useRef } from "preact/hooks";
import { postSize } from "../embedding.js";
import { t } from "../i18n/translate.js";
import { Lens } from "./lens/lens.jsx";
import { usePage } from "./page_context.js";
import { ProblemNote } from "./problem_note.jsx";
import { NextList } from "./river/next_list.jsx";
import { River } from "./river/river.jsx";
import { SamplingPanel } from "./sampling_panel.jsx";
import { StatusLine } from "./status_line.jsx";

/** The figure alone, its text and settings those of the address. @param {{figure: import("../embedding.js").EmbeddedFigure}} props */
export function Embedded({ figure }) {
  const { state, actions } = usePage();
  const root = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => (root.current ? postSize(figure, root.current) : undefined), [figure]);
  const tab = state.tab.value;
  useEffect(() => {
    // What its numbers are fetched for; an address that is set from outside may say another.
    if ((figure === "lens" || figure === "sampling") && tab !== figure) actions.openTab(figure);
  }, [figure, tab]);
  useEffect(() => {
    if (figure === "attention") actions.openPart({ kind: "attention", layer: state.layer.peek() });
  }, [figure]);
  return (
    <main ref={root} class="embedded" data-figure={figure}>
      <ProblemNote />
      <Figure figure={figure} />
      <div class="embedded-foot">
        <StatusLine />
        <a href={location.pathname} target="_blank" rel="noopener" onClick={withAddress}>
          {t("embedded.open")}
        </a>
      </div>
    </main>
  );
}

/** The whole page, at what the figure shows. @param {MouseEvent} event */
function withAddress(event) {
  /** @type {HTMLAnchorElement} */ (event.currentTarget).href = `${location.pathname}${location.hash}`;
}

/** @param {{figure: import("../embedding.js").EmbeddedFigure}} props */
function Figure({ figure }) {
  if (figure === "flow" || figure === "attention") return <River />;
  if (figure === "lens") return <Lens />;
  return (
    <>
      <SamplingPanel />
      <NextList list={null} />
    </>
  );
}
