import { useLayoutEffect } from "preact/hooks";

const UNFOLD_MS = 380;
// The part of the window above the section in which the flow stays in sight.
const KEEP_SHARE = 0.3;
const KEEP_PX = 24;

/**
 * The section grows out of what was clicked, and the page follows; at once where the reader wants no motion.
 * @param {{current: HTMLElement | null}} card
 */
export function useUnfold(card) {
  useLayoutEffect(() => {
    const section = card.current;
    if (!section) return undefined;
    const opener =
      document.activeElement instanceof HTMLElement && document.activeElement !== document.body
        ? document.activeElement
        : null;
    const is_still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const place = section.getBoundingClientRect();
    const animation = is_still || !opener ? null : grow(section, opener.getBoundingClientRect(), place);
    // What was clicked above the section stays in sight.
    const clicked = opener?.getBoundingClientRect().top ?? place.top;
    const most = clicked < place.top ? Math.max(0, clicked - KEEP_PX) : Number.POSITIVE_INFINITY;
    const top = Math.min(place.top - innerHeight * KEEP_SHARE, most);
    if (top > 0 || place.top < 0) scrollBy({ top, behavior: is_still ? "auto" : "smooth" });
    section.focus({ preventScroll: true });
    return () => {
      animation?.cancel();
      // The focus goes back, unless the reader has gone elsewhere.
      const { activeElement } = document;
      const is_here = activeElement === document.body || section.contains(activeElement);
      if (is_here && opener?.isConnected) opener.focus({ preventScroll: true });
    };
  }, []);
}

/**
 * From the box of what was clicked to the section's own. @param {HTMLElement} section @param {DOMRect} from @param {DOMRect} to
 */
function grow(section, from, to) {
  section.style.transformOrigin = "top left";
  const start = `translate(${from.left - to.left}px, ${from.top - to.top}px) scale(${from.width / to.width}, ${from.height / to.height})`;
  return section.animate(
    [
      { transform: start, opacity: 0.2 },
      { opacity: 1, offset: 0.6 },
      { transform: "none", opacity: 1 },
    ],
    { duration: UNFOLD_MS, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" },
  );
}
