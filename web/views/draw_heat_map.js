/**
 * Draw a causal attention pattern on a canvas: the weight is the strength of one colour, on a linear scale from 0 to 1.
 * Above the diagonal stand dots: there a query sees nothing.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} weights [query, key], row after row
 * @param {import("../layout/attention.js").HeatMapLayout} layout
 * @param {(weight: number) => string} valueWords
 */
export function drawHeatMap(canvas, weights, { n_tokens, cell_px, size_px, has_values }, valueWords) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const [attention, empty, ink, paper] = ["--attention", "--empty-cell", "--ink", "--on-attention"].map(colour);
  const density = Math.min(3, window.devicePixelRatio || 1);
  canvas.width = canvas.height = Math.round(size_px * density);
  context.scale(density, density);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `13px ${style.fontFamily}`;
  const gap = cell_px > 10 ? 1 : 0.5;
  for (let query = 0; query < n_tokens; query++) {
    for (let key = 0; key < n_tokens; key++) {
      const [x, y] = [key * cell_px, query * cell_px];
      if (key > query) {
        context.fillStyle = empty;
        if (cell_px > 12) context.fillRect(x + cell_px / 2 - 1, y + cell_px / 2 - 1, 2, 2);
        continue;
      }
      const weight = weights[query * n_tokens + key];
      context.fillStyle = empty;
      context.globalAlpha = 0.35;
      context.fillRect(x + gap / 2, y + gap / 2, cell_px - gap, cell_px - gap);
      context.fillStyle = attention;
      context.globalAlpha = weight;
      context.fillRect(x + gap / 2, y + gap / 2, cell_px - gap, cell_px - gap);
      context.globalAlpha = 1;
      if (!has_values) continue;
      context.fillStyle = weight > 0.5 ? paper : ink;
      context.fillText(valueWords(weight), x + cell_px / 2, y + cell_px / 2 + 1);
    }
  }
}
