import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n/translate.js";
import { beside } from "../layout/beside.js";

/**
 * A word that the glossary explains: a button that opens a sentence and an example beside it. The browser closes it on
 * a press elsewhere; Escape closes it and nothing else.
 * @param {{name: string, children: import("preact").ComponentChildren}} props `name`: of `terms` in en.json
 */
export function Term({ name, children }) {
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const note = useRef(/** @type {HTMLElement | null} */ (null));
  const [is_open, setOpen] = useState(false);

  // Both before the word can be pressed: an Escape right after the press would else close what is behind the note.
  useLayoutEffect(() => {
    // By the element, not by an id: the tour's words are a tree of their own, in which ids begin again.
    if (button.current) button.current.popoverTargetElement = note.current;
    const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || !note.current?.matches(":popover-open")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      note.current.hidePopover();
    };
    // Before whatever else on the page Escape would close.
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);
  useEffect(() => (is_open ? keepBeside(button.current, note.current) : undefined), [is_open]);

  return (
    <>
      <button ref={button} type="button" class="glossary-term">
        {children}
      </button>
      <span
        ref={note}
        class="glossary-note"
        popover="auto"
        role="note"
        onBeforeToggle={(event) => setOpen(event.newState === "open")}
      >
        {is_open && (
          <>
            <strong class="glossary-title">{t(`terms.${name}.title`)}</strong>
            <span>{t(`terms.${name}.text`)}</span>
            <span class="glossary-example">{t(`terms.${name}.example`)}</span>
          </>
        )}
      </span>
    </>
  );
}

/** Stands beside the word also while the page scrolls or the window changes. @param {HTMLElement | null} word @param {HTMLElement | null} note */
function keepBeside(word, note) {
  if (!word || !note) return undefined;
  const place = () => {
    const anchor = word.getClientRects()[0];
    if (!anchor) return;
    const { left, top } = beside(anchor, note.getBoundingClientRect(), {
      width: document.documentElement.clientWidth,
      height: innerHeight,
    });
    Object.assign(note.style, { left: `${left}px`, top: `${top}px` });
  };
  // Tells of the size before it is painted, first when the note comes up.
  const sizes = new ResizeObserver(place);
  sizes.observe(note);
  addEventListener("scroll", place, { capture: true, passive: true });
  addEventListener("resize", place);
  return () => {
    sizes.disconnect();
    removeEventListener("scroll", place, { capture: true });
    removeEventListener("resize", place);
  };
}
