import { RAMP_LENGTH } from "./use_ramp.js";

/**
 * @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} values row after row; what is not finite stays empty
 * @param {import("../../layout/matrix.js").MatrixLayout} layout
 * @param {{limit: number, is_sequential: boolean}} scale
 * @param {{ramp: Uint32Array, ink: string, paper: string, faint: string, font: string}} colours
 * @param {(value: number) => string} valueWords what is printed in a cell with room for it
 */
export function drawMatrix(
  canvas,
  values,
  layout,
  { limit, is_sequential },
  { ramp, ink, paper, faint, font },
  valueWords,
) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { n_rows, n_columns, cell_width, cell_height, width, height } = layout;
  const density = Math.min(3, window.devicePixelRatio || 1);
  canvas.width = Math.max(1, Math.round(width * density));
  canvas.height = Math.max(1, Math.round(height * density));
  const small = new OffscreenCanvas(n_columns, n_rows);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (small.getContext("2d"));
  const image = pen.createImageData(n_columns, n_rows);
  const pixels = new Uint32Array(image.data.buffer);
  const share = (/** @type {number} */ value) => Math.max(is_sequential ? 0 : -1, Math.min(1, value / limit));
  for (let cell = 0; cell < pixels.length; cell++) {
    if (!Number.isFinite(values[cell])) continue;
    const at = is_sequential ? share(values[cell]) : (share(values[cell]) + 1) / 2;
    pixels[cell] = ramp[Math.round(at * (RAMP_LENGTH - 1))];
  }
  pen.putImageData(image, 0, 0);
  context.scale(density, density);
  // Where cells are smaller than pixels, each pixel is the mean of its cells.
  context.imageSmoothingEnabled = cell_width < 1 || cell_height < 1;
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, width, height);
  if (cell_width < 8 || cell_height < 8) return;
  context.fillStyle = paper;
  for (let column = 1; column < n_columns; column++) context.fillRect(column * cell_width - 0.5, 0, 1, height);
  for (let row = 1; row < n_rows; row++) context.fillRect(0, row * cell_height - 0.5, width, 1);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `13px ${font}`;
  for (let cell = 0; cell < pixels.length; cell++) {
    const x = ((cell % n_columns) + 0.5) * cell_width;
    const y = (Math.floor(cell / n_columns) + 0.5) * cell_height;
    if (!Number.isFinite(values[cell])) {
      context.fillStyle = faint;
      context.fillRect(x - 1, y - 1, 2, 2);
    } else if (layout.has_values) {
      context.fillStyle = Math.abs(share(values[cell])) > 0.55 ? paper : ink;
      context.fillText(valueWords(values[cell]), x, y + 1);
    }
  }
}
