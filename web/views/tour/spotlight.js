import { driver } from "driver.js";
import { h, render } from "preact";
import { t } from "../../i18n/translate.js";
import { Prose } from "../prose.jsx";

const MOVE_MS = 350;
const PADDING_PX = 8;
// Between what is lit and the window's edge, or the words.
const GAP_PX = 24;

/**
 * Lights one part of the page after another. The words stand in one place, at the window's foot (tour.css), and what is lit
 * is brought clear of them. The keys are left to the page, whose figures need them.
 * @param {{go: (by: number) => void, end: () => void}} given
 */
export function createSpotlight({ go, end }) {
  const is_still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const light = driver({
    animate: !is_still,
    smoothScroll: !is_still,
    duration: MOVE_MS,
    overlayColor: getComputedStyle(document.documentElement).getPropertyValue("--paper").trim(),
    overlayOpacity: 0.86,
    overlayClickBehavior: () => {},
    allowKeyboardControl: false,
    stageRadius: 12,
    onNextClick: () => go(1),
    onPrevClick: () => go(-1),
    onCloseClick: end,
  });
  /** @type {(() => void) | null} */
  let keepClear = null;
  // Parts unfold and fill after they have been lit.
  const sizes = new ResizeObserver(() => {
    light.refresh();
    keepClear?.();
  });
  /** @type {HTMLElement | null} */
  let described = null;
  /** The words of a stop, in place of those of the last one. @param {HTMLElement | null} place @param {import("preact").ComponentChild} words */
  const describe = (place, words) => {
    if (described) render(null, described);
    described = place;
    if (place) render(words, place);
  };

  return {
    /**
     * @param {Element | null} element null: the words stand in the middle
     * @param {{name: string, numbers: import("../../i18n/translate.js").Values, index: number, count: number}} stop
     */
    show(element, { name, numbers, index, count }) {
      sizes.disconnect();
      keepClear = null;
      light.setConfig({ ...light.getConfig(), stagePadding: element ? PADDING_PX : 0 });
      light.highlight({
        ...(element && { element }),
        popover: {
          // Put in below: they hold pieces of the reader's own, and terms.
          title: "-",
          description: "-",
          showButtons: ["next", "previous", "close"],
          disableButtons: index === 0 ? ["previous"] : [],
          showProgress: true,
          progressText: t("tour.progress", { number: index + 1, count }),
          nextBtnText: t(index === count - 1 ? "tour.done" : "tour.next"),
          prevBtnText: t("tour.previous"),
          onPopoverRender: (popover) => {
            popover.title.textContent = t(`tour.stop.${name}.title`, numbers);
            popover.description.textContent = "";
            describe(popover.description, h(Prose, { words: `tour.stop.${name}.text`, values: numbers }));
            popover.closeButton.setAttribute("aria-label", t("tour.end"));
            requestAnimationFrame(() => {
              popover.nextButton.focus({ preventScroll: true });
              if (!element) return;
              keepClear = () => bringClear(element, popover.wrapper, is_still);
              keepClear();
            });
          },
        },
        // A part of the page that is lit is no button that opens a dialog.
        onHighlighted: (lit) => {
          for (const name of ["aria-haspopup", "aria-expanded", "aria-controls"]) lit?.removeAttribute(name);
          // The page may have scrolled while the last part was still the lit one.
          light.refresh();
        },
      });
      if (element) sizes.observe(element);
    },
    destroy() {
      sizes.disconnect();
      describe(null, null);
      light.destroy();
    },
  };
}

/**
 * Scroll so that an element ends above the words, or begins at the window's top where it is too high for that.
 * @param {Element} element @param {Element} words @param {boolean} is_still
 */
function bringClear(element, words, is_still) {
  const { top, bottom } = element.getBoundingClientRect();
  const foot = words.getBoundingClientRect().top - GAP_PX;
  const down = top < GAP_PX ? top - GAP_PX : Math.max(0, Math.min(bottom - foot, top - GAP_PX));
  if (down !== 0) scrollBy({ top: down, behavior: is_still ? "auto" : "smooth" });
}
