import { peaks } from "../../layout/flow/pattern.js";
import { tokensInSight } from "../../layout/flow/rows.js";

// Narrower cells touch each other.
const GAP_FROM_PX = 5;

/**
 * The pattern's rows in sight: the weight is the strength of the colour, from 0 to 1. Where cells are narrower than a
 * pixel, the largest weight under it.
 * @param {HTMLCanvasElement} canvas @param {Float32Array} weights [query, key]
 * @param {import("../../layout/flow/pattern.js").PatternLayout} place
 * @param {import("../../layout/flow/rows.js").RowLayout} rows
 */
export function drawPattern(canvas, weights, { cell_px, size_px }, rows) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const [attention, empty] = ["--attention", "--empty-cell"].map((name) => style.getPropertyValue(name).trim());
  const density = Math.min(3, window.devicePixelRatio || 1);
  canvas.width = Math.max(1, Math.round(size_px * density));
  canvas.height = Math.max(1, Math.round(rows.height * density));
  context.scale(density, density);
  const { n_tokens, pitch, first } = rows;
  const gap = cell_px >= GAP_FROM_PX ? 1 : 0;
  const n_columns = cell_px < 1 ? Math.round(size_px) : n_tokens;
  const width = size_px / n_columns;
  for (const query of tokensInSight(rows)) {
    const row = weights.subarray(query * n_tokens, (query + 1) * n_tokens);
    const shown = peaks(row, query + 1, n_columns);
    const n_seen = Math.ceil(((query + 1) * n_columns) / n_tokens);
    for (let column = 0; column < n_columns; column++) {
      const [x, y] = [column * width, (query - first) * pitch];
      if (column >= n_seen) {
        context.globalAlpha = 1;
        context.fillStyle = empty;
        if (gap) context.fillRect(x + width / 2 - 0.75, y + pitch / 2 - 0.75, 1.5, 1.5);
        continue;
      }
      context.fillStyle = empty;
      context.globalAlpha = 0.35;
      context.fillRect(x, y + 0.5, width - gap, pitch - 1);
      context.fillStyle = attention;
      context.globalAlpha = Math.min(1, shown[column]);
      context.fillRect(x, y + 0.5, width - gap, pitch - 1);
    }
  }
}
