import { parseColour } from "../../layout/colours.js";
import { cellPlace } from "../../layout/head_grid.js";

const SCORE_BAR_PX = 3;

/**
 * All thumbnails at once: the weight is the strength of the colour. Under each, as long as its score, a bar.
 * @param {HTMLCanvasElement} canvas
 * @param {import("../../layout/head_grid.js").GridLayout} layout
 * @param {{size: number, data: Uint8ClampedArray}[]} thumbnails one for each block
 * @param {((head: import("../../layout/head_grid.js").Head) => number) | null} scoreOf
 */
export function drawGrid(canvas, layout, thumbnails, scoreOf) {
  const context = canvas.getContext("2d");
  if (!context || !thumbnails.length) return;
  const style = getComputedStyle(canvas);
  const [attention, empty] = ["--attention", "--sunk"].map((name) => style.getPropertyValue(name).trim());
  const density = Math.min(3, window.devicePixelRatio || 1);
  canvas.width = Math.round(layout.width * density);
  canvas.height = Math.round(layout.height * density);
  const { size } = thumbnails[0];
  const small = new OffscreenCanvas(size, size);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (small.getContext("2d"));
  const image = pen.createImageData(size, size);
  const { r, g, b } = parseColour(attention);
  for (let at = 0; at < image.data.length; at += 4) image.data.set([r, g, b], at);
  context.scale(density, density);
  context.imageSmoothingEnabled = size > layout.thumb_px;
  layout.heads.forEach((head, index) => {
    const { x, y } = cellPlace(index, layout);
    const { data } = thumbnails[head.layer];
    const start = head.head * size * size;
    for (let cell = 0; cell < size * size; cell++) image.data[cell * 4 + 3] = data[start + cell];
    pen.putImageData(image, 0, 0);
    context.fillStyle = empty;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + layout.thumb_px, y + layout.thumb_px);
    context.lineTo(x, y + layout.thumb_px);
    context.fill();
    context.drawImage(small, x, y, layout.thumb_px, layout.thumb_px);
    const score = scoreOf?.(head) ?? NaN;
    if (!Number.isFinite(score)) return;
    context.fillStyle = attention;
    context.fillRect(x, y + layout.thumb_px + 2, layout.thumb_px * score, SCORE_BAR_PX);
  });
}
