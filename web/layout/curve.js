/**
 * Geometry of a curve in a box with its axes.
 * @typedef {{path: string, x: (value: number) => number, y: (value: number) => number, width: number, height: number}} CurveLayout
 */

const MARGIN = 30;

/**
 * @param {ArrayLike<number>} inputs rising @param {ArrayLike<number>} outputs
 * @param {{width: number, height: number}} room in px @param {number} [margin] px around the curve
 * @returns {CurveLayout}
 */
export function curveLayout(inputs, outputs, { width, height }, margin = MARGIN) {
  const [left, right] = [inputs[0], inputs[inputs.length - 1]];
  let [low, high] = [0, 0];
  for (let index = 0; index < outputs.length; index++)
    [low, high] = [Math.min(low, outputs[index]), Math.max(high, outputs[index])];
  const x = (/** @type {number} */ value) => margin + ((value - left) / (right - left || 1)) * (width - 2 * margin);
  const y = (/** @type {number} */ value) =>
    height - margin - ((value - low) / (high - low || 1)) * (height - 2 * margin);
  const points = Array.from(inputs, (value, index) => `${x(value).toFixed(1)},${y(outputs[index]).toFixed(1)}`);
  return { path: `M${points.join("L")}`, x, y, width, height };
}
