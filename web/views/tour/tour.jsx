import { useEffect, useRef } from "preact/hooks";
import { whole } from "../../integrity/whole_fetch.js";
import { kindOf } from "../../state/kinds.js";
import { STOPS } from "../../state/tour_stops.js";
import { usePage } from "../page_context.js";
import { tourNumbers } from "./numbers.js";

// A section that has not come by then is shown as far as it is there.
const PATIENCE_MS = 4000;

/** The guided tour: it drives the page and lights what it speaks of. Escape ends it. */
export function Tour() {
  const page = usePage();
  const { state, actions } = page;
  const index = state.stop.value;
  const spotlight = useRef(/** @type {ReturnType<typeof import("./spotlight.js").createSpotlight> | null} */ (null));
  const is_on = index !== null;

  useEffect(() => {
    if (!is_on) return undefined;
    const opener = document.activeElement;
    const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const is_in_words = event.target instanceof Element && event.target.closest(".driver-popover");
      if (event.key !== "Escape" && !(by && is_in_words)) return;
      event.stopPropagation();
      event.preventDefault();
      const at = state.stop.peek() ?? 0;
      actions.goToStop(by ? Math.max(0, at + by) : null);
    };
    // Before the section and the card, which Escape would close as well.
    document.addEventListener("keydown", onKeyDown, { capture: true });
    return () => {
      document.removeEventListener("keydown", onKeyDown, { capture: true });
      spotlight.current?.destroy();
      spotlight.current = null;
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, [is_on]);

  useEffect(() => {
    if (index === null) return undefined;
    let is_here = true;
    const go = (/** @type {number} */ by) => actions.goToStop((state.stop.peek() ?? 0) + by);
    void (async () => {
      const [{ createSpotlight }, element] = await Promise.all([
        whole("views/tour/spotlight.js", () => import("./spotlight.js")),
        partOf(STOPS[index]),
      ]);
      if (!is_here) return;
      spotlight.current ??= createSpotlight({ go, end: () => actions.goToStop(null) });
      spotlight.current.show(element, {
        name: STOPS[index].name,
        numbers: { ...tourNumbers(page), ...kindOf(state.model_shape.value, STOPS[index].name) },
        index,
        count: STOPS.length,
      });
    })().catch(() => {
      state.problem.value = { code: "network", message: "" };
      actions.goToStop(null);
    });
    return () => {
      is_here = false;
    };
  }, [index]);
  return null;
}

/**
 * The part of the page a stop is about, once it is there and filled; null where there is none.
 * @param {import("../../state/tour_stops.js").Stop} stop @returns {Promise<Element | null>}
 */
async function partOf({ at }) {
  if (!at) return null;
  const until = performance.now() + PATIENCE_MS;
  const find = () => {
    const element = document.querySelector(`[data-tour="${at}"]`);
    return element?.checkVisibility() ? element : null;
  };
  while (performance.now() < until) {
    const element = find();
    if (element && !element.closest('[aria-busy="true"]')) return element;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return find();
}
