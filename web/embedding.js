/** One figure alone, for a course page or a notebook: which, and how large it is. */

/** @typedef {"flow" | "attention" | "sampling" | "lens"} EmbeddedFigure */

const FIGURES = /** @type {const} */ (["flow", "attention", "sampling", "lens"]);

/** @param {string} search of the address @returns {EmbeddedFigure | null} the whole page, where none is asked for */
export function embeddedFigure(search) {
  const asked = new URLSearchParams(search).get("embed");
  return FIGURES.find((name) => name === asked) ?? null;
}

/**
 * Tell the page around this one how large the figure is, now and whenever that changes.
 * @param {EmbeddedFigure} figure @param {Element} element
 */
export function postSize(figure, element) {
  const post = () => {
    const { width, height } = element.getBoundingClientRect();
    const message = { type: "glassbox-size", figure, width: Math.ceil(width), height: Math.ceil(height) };
    // Whoever shows the figure may know how large it is; nothing else is told.
    parent.postMessage(message, "*");
  };
  const watcher = new ResizeObserver(post);
  watcher.observe(element);
  return () => watcher.disconnect();
}
