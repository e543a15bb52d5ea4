import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { colourRamp, rampIndex, resample, scaleLimit } from "../layout/strip.js";
import { useColours } from "./use_colours.js";

const RAMP_LENGTH = 255;
// The lower part of a strip shows the extremes, where a cell stands for several values.
const EXTREME_SHARE = 0.3;
// Narrower cells flicker; the eye cannot tell them apart anyway.
const CELL_PX = 2.5;
const STOPS = ["--strip-negative", "--strip-negative-half", "--strip-zero", "--strip-positive-half", "--strip-positive"];

/** @typedef {{values: Float32Array, limit: number, top: number, height: number}} PlacedStrip in px of the canvas */

/**
 * Draw strips one below the other, in cells: the upper part of each is the mean of the values it stands for, the lower
 * part the one farthest from 0. Between the strips nothing is drawn.
 * @param {HTMLCanvasElement} canvas @param {PlacedStrip[]} strips @param {{width: number, height: number}} size in px
 */
export function drawStrips(canvas, strips, { width, height }) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const density = Math.min(3, window.devicePixelRatio || 1);
  const n_pixels = Math.max(1, Math.round(width * density));
  canvas.width = n_pixels;
  canvas.height = Math.max(1, Math.round(height * density));
  const ramp = new Uint32Array(colourRamp(stopsOf(canvas), RAMP_LENGTH).buffer);
  const image = context.createImageData(n_pixels, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  for (const { values, limit, top, height: strip_height } of strips) {
    const n_cells = Math.min(values.length, Math.max(1, Math.round(width / CELL_PX)));
    const { means, extremes } = resample(values, n_cells);
    const lines = [means, extremes].map((line) => Uint32Array.from({ length: n_pixels }, (_, pixel) =>
      ramp[rampIndex(line[Math.floor((pixel * n_cells) / n_pixels)], limit, RAMP_LENGTH)]));
    const [start, stop] = [Math.round(top * density), Math.round((top + strip_height) * density)];
    const change = Math.round(stop - (stop - start) * EXTREME_SHARE);
    for (let y = Math.max(0, start); y < Math.min(canvas.height, stop); y++) pixels.set(lines[y < change ? 0 : 1], y * n_pixels);
  }
  context.putImageData(image, 0, 0);
  frame(context, canvas, strips, density);
}

/**
 * A fine line in the colour of the role around each strip.
 * @param {CanvasRenderingContext2D} context @param {HTMLCanvasElement} canvas @param {PlacedStrip[]} strips @param {number} density
 */
function frame(context, canvas, strips, density) {
  context.strokeStyle = getComputedStyle(canvas).getPropertyValue("--role").trim();
  context.lineWidth = density;
  context.globalAlpha = 0.7;
  for (const { top, height } of strips) {
    const [start, stop] = [Math.round(top * density), Math.round((top + height) * density)];
    context.strokeRect(density / 2, start + density / 2, canvas.width - density, stop - start - density);
  }
}

/** Colours of the ramp, from the style of the page. @param {HTMLElement} element */
function stopsOf(element) {
  const style = getComputedStyle(element);
  return STOPS.map((name) => {
    const digits = style.getPropertyValue(name).trim().slice(1);
    return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
  });
}

/**
 * One vector by itself, as wide and high as its box.
 * @param {{values: Float32Array, width: number, height: number, limit?: number, label: string}} props
 *   `limit`: where the scale ends, from the values if absent
 */
export function Strip({ values, width, height, limit, label }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const colours = useColours();
  const ends = useMemo(() => limit ?? scaleLimit(values), [values, limit]);
  useLayoutEffect(() => {
    if (canvas.current) drawStrips(canvas.current, [{ values, limit: ends, top: 0, height }], { width, height });
  }, [values, ends, width, height, colours]);
  return <canvas ref={canvas} class="strip" role="img" aria-label={label} style={{ width: `${width}px`, height: `${height}px` }} />;
}
