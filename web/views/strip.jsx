import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { colourRamp } from "../layout/colours.js";
import { cellCount, rampIndex, resample, scaleLimit } from "../layout/strip.js";
import { useColours } from "./use_colours.js";

const RAMP_LENGTH = 255;
// The lower part of a strip shows the extremes, where a cell stands for several values.
const EXTREME_SHARE = 0.3;
const STOPS = [
  "--strip-negative",
  "--strip-negative-half",
  "--strip-zero",
  "--strip-positive-half",
  "--strip-positive",
];

/** @typedef {{values: Float32Array, limit: number, top: number, height: number}} PlacedStrip in px of the canvas */

/**
 * Colours of the strips as the page has them now; read from its style once, not for every strip.
 * @param {string} role one of the roles of tokens.css
 */
export function useStripColours(role) {
  const colours = useColours();
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const stops = STOPS.map((name) => style.getPropertyValue(name).trim());
    const ramp = new Uint32Array(colourRamp(stops, RAMP_LENGTH).buffer);
    return { ramp, frame: style.getPropertyValue(`--${role}`).trim() };
  }, [colours, role]);
}

/**
 * Draw strips one below the other, in cells: the upper part of each is the mean of the values it stands for, the lower
 * part the one farthest from 0. Between the strips nothing is drawn.
 * @param {HTMLCanvasElement} canvas @param {PlacedStrip[]} strips @param {{width: number, height: number}} size in px
 * @param {ReturnType<typeof useStripColours>} colours
 */
export function drawStrips(canvas, strips, { width, height }, { ramp, frame }) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const density = Math.min(3, window.devicePixelRatio || 1);
  const n_pixels = Math.max(1, Math.round(width * density));
  const n_lines = Math.max(1, Math.round(height * density));
  if (canvas.width !== n_pixels) canvas.width = n_pixels;
  if (canvas.height !== n_lines) canvas.height = n_lines;
  const image = context.createImageData(n_pixels, n_lines);
  const pixels = new Uint32Array(image.data.buffer);
  for (const { values, limit, top, height: strip_height } of strips) {
    const n_cells = cellCount(values.length, width);
    const { means, extremes } = resample(values, n_cells);
    const lines = [means, extremes].map((line) =>
      Uint32Array.from(
        { length: n_pixels },
        (_, pixel) => ramp[rampIndex(line[Math.floor((pixel * n_cells) / n_pixels)], limit, RAMP_LENGTH)],
      ),
    );
    const [start, stop] = [Math.round(top * density), Math.round((top + strip_height) * density)];
    const change = Math.round(stop - (stop - start) * EXTREME_SHARE);
    for (let y = Math.max(0, start); y < Math.min(n_lines, stop); y++)
      pixels.set(lines[y < change ? 0 : 1], y * n_pixels);
  }
  context.putImageData(image, 0, 0);
  // A fine line in the colour of the role around each strip.
  context.strokeStyle = frame;
  context.lineWidth = density;
  context.globalAlpha = 0.7;
  for (const { top, height: strip_height } of strips) {
    const [start, stop] = [Math.round(top * density), Math.round((top + strip_height) * density)];
    context.strokeRect(density / 2, start + density / 2, n_pixels - density, stop - start - density);
  }
  context.globalAlpha = 1;
}

/**
 * One vector by itself, as wide and high as its box.
 * @param {{values: Float32Array, width: number, height: number, label: string, role?: string}} props
 */
export function Strip({ values, width, height, label, role = "residual" }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const colours = useStripColours(role);
  const limit = useMemo(() => scaleLimit(values), [values]);
  useLayoutEffect(() => {
    if (canvas.current) drawStrips(canvas.current, [{ values, limit, top: 0, height }], { width, height }, colours);
  }, [values, limit, width, height, colours]);
  // Inside a control that has a name of its own, the strip needs none.
  const named = label ? { role: /** @type {const} */ ("img"), "aria-label": label } : { "aria-hidden": true };
  return <canvas ref={canvas} class="strip" {...named} style={{ width: `${width}px`, height: `${height}px` }} />;
}
