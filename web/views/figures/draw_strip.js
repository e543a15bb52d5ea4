import { cellCount, rampIndex, resample } from "../../layout/strip.js";
import { RAMP_LENGTH } from "./use_ramp.js";

// The lower part of a strip shows the extremes, where a cell stands for several values.
const EXTREME_SHARE = 0.3;

/**
 * Draw a vector in cells that fill the canvas: the upper part of each is the mean of the values it stands for, the lower
 * part the one farthest from 0. A fine line in the colour of the role is around it.
 * @param {HTMLCanvasElement} canvas @param {{values: Float32Array, limit: number}} vector with the end of its scale
 * @param {{width: number, height: number}} size in px of the page
 * @param {{ramp: Uint32Array, frame: string}} colours
 */
export function drawStrip(canvas, { values, limit }, { width, height }, { ramp, frame }) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const density = Math.min(3, window.devicePixelRatio || 1);
  const n_pixels = Math.max(1, Math.round(width * density));
  const n_lines = Math.max(1, Math.round(height * density));
  if (canvas.width !== n_pixels) canvas.width = n_pixels;
  if (canvas.height !== n_lines) canvas.height = n_lines;
  const image = context.createImageData(n_pixels, n_lines);
  const pixels = new Uint32Array(image.data.buffer);
  const n_cells = cellCount(values.length, width);
  const { means, extremes } = resample(values, n_cells);
  const [upper, lower] = [means, extremes].map((line) =>
    Uint32Array.from(
      { length: n_pixels },
      (_, pixel) => ramp[rampIndex(line[Math.floor((pixel * n_cells) / n_pixels)], limit, RAMP_LENGTH)],
    ),
  );
  const change = Math.round(n_lines * (1 - EXTREME_SHARE));
  for (let y = 0; y < n_lines; y++) pixels.set(y < change ? upper : lower, y * n_pixels);
  context.putImageData(image, 0, 0);
  context.strokeStyle = frame;
  context.lineWidth = density;
  context.globalAlpha = 0.7;
  context.strokeRect(density / 2, density / 2, n_pixels - density, n_lines - density);
  context.globalAlpha = 1;
}
