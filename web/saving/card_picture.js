/** A card of the page as a drawing: what the browser shows of it, and below it where it comes from. */
import { domToForeignObjectSvg } from "modern-screenshot";

const LINE = 20;
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {HTMLElement} card @param {Record<string, string>} origin model, text, version
 * @returns {Promise<string>} an SVG; the page's own elements stand in it, so browsers show it, drawing programs may not
 */
export async function cardSvg(card, origin) {
  const { width, height } = card.getBoundingClientRect();
  const style = getComputedStyle(card);
  const picture = await domToForeignObjectSvg(card, {
    // Buttons that do something to the page do nothing on paper.
    // The page has fonts of the machine only; looking for others needs a style sheet that its policy forbids.
    font: false,
    filter: (node) => !(node instanceof Element && node.matches(".flow-tools, .attention-foot button, .section-save")),
  });
  const words = Object.entries(origin).map(([name, value]) => `${name}: ${value}`);
  const outer = document.createElementNS(SVG, "svg");
  const all = height + (words.length + 1) * LINE;
  set(outer, { width, height: all, viewBox: `0 0 ${width} ${all}` });
  const paper = document.createElementNS(SVG, "rect");
  set(paper, { width: "100%", height: "100%", fill: style.backgroundColor });
  outer.append(paper, picture);
  words.forEach((line, index) => {
    const text = document.createElementNS(SVG, "text");
    set(text, {
      x: LINE,
      y: height + (index + 1) * LINE,
      fill: style.color,
      "font-family": "sans-serif",
      "font-size": 13,
    });
    text.textContent = line;
    outer.append(text);
  });
  return new XMLSerializer().serializeToString(outer);
}

/** @param {Element} element @param {Record<string, string | number>} attributes */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
