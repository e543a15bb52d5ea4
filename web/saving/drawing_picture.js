/**
 * A drawing of the page as a file of its own: shapes and words only, with the looks that the page's style gives them written
 * out, so that drawing programs show what the browser shows.
 */

const SVG = "http://www.w3.org/2000/svg";
const LOOKS = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-opacity",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "stop-color",
  "stop-opacity",
];
const MARGIN = 28;
const HEADING_PX = 34;
const LINE_PX = 20;

/** @typedef {{x: number, y: number, words: string, anchor?: "start" | "end", is_strong?: boolean}} Line words set beside the drawing */

/**
 * @param {SVGSVGElement} drawing as it stands on the page
 * @param {{heading: string, lines: Line[], origin: Record<string, string>}} words
 * @returns {string}
 */
export function drawingSvg(drawing, { heading, lines, origin }) {
  const style = getComputedStyle(drawing);
  const root = getComputedStyle(document.documentElement);
  const ink = root.getPropertyValue("--ink").trim();
  const [width, height] = [drawing.clientWidth, drawing.clientHeight];
  const origins = Object.entries(origin).map(([name, value]) => `${name}: ${value}`);
  const all = height + HEADING_PX + 2 * MARGIN + (origins.length + 1) * LINE_PX;
  const outer = make("svg", {
    xmlns: SVG,
    width: width + 2 * MARGIN,
    height: all,
    viewBox: `0 0 ${width + 2 * MARGIN} ${all}`,
  });
  outer.append(make("rect", { width: "100%", height: "100%", fill: root.getPropertyValue("--paper").trim() }));
  outer.append(write(MARGIN, MARGIN + 18, heading, { fill: ink, "font-family": "serif", "font-size": 22 }));
  const figure = make("g", { transform: `translate(${MARGIN} ${MARGIN + HEADING_PX})` });
  for (const child of drawing.children) figure.append(dressed(child));
  for (const { x, y, words, anchor = "start", is_strong = false } of lines) {
    figure.append(
      write(x, y, words, {
        fill: ink,
        "font-family": style.fontFamily,
        "font-size": 15,
        "text-anchor": anchor,
        "font-weight": is_strong ? 600 : 400,
      }),
    );
  }
  outer.append(figure);
  for (const [index, words] of origins.entries()) {
    const y = height + HEADING_PX + MARGIN + (index + 1) * LINE_PX;
    outer.append(write(MARGIN, y, words, { fill: ink, "font-family": style.fontFamily, "font-size": 13 }));
  }
  return new XMLSerializer().serializeToString(outer);
}

/** A copy with its looks written out, without what is there to be pressed. @param {Element} element @returns {Element} */
function dressed(element) {
  const copy = /** @type {Element} */ (element.cloneNode(false));
  const style = getComputedStyle(element);
  for (const name of LOOKS) {
    const value = style.getPropertyValue(name);
    // What is a reference stays as it is written: the browser's own form of it names this page.
    if (value && !value.includes("url(")) copy.setAttribute(name, value);
  }
  for (const name of ["class", "style", "data-part", "data-tour"]) copy.removeAttribute(name);
  for (const child of element.childNodes) {
    if (child instanceof Element && child.hasAttribute("data-control")) continue;
    copy.append(child instanceof Element ? dressed(child) : child.cloneNode());
  }
  return copy;
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (key !== "xmlns") element.setAttribute(key, String(value));
  return element;
}

/** @param {number} x @param {number} y @param {string} words @param {Record<string, string | number>} attributes */
function write(x, y, words, attributes) {
  const text = make("text", { x, y, ...attributes });
  text.textContent = words;
  return text;
}
