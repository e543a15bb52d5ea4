import assert from "node:assert/strict";
import { test } from "node:test";
import { colourRamp, colourScale } from "../../web/layout/colours.js";
import { indexAt, rampIndex, resample, scaleLimit } from "../../web/layout/strip.js";

test("each cell is the mean of its values, and the one farthest from 0", () => {
  const { means, extremes } = resample([1, 3, -4, 2], 2);
  assert.deepEqual([...means], [2, -1]);
  assert.deepEqual([...extremes], [3, -4]);
});

test("every value counts, also where the cells do not divide them evenly", () => {
  const values = new Float32Array(769);
  for (let index = 0; index < values.length; index++) {
    values.fill(0);
    values[index] = -5;
    assert.equal(Math.min(...resample(values, 37).extremes), -5, `value ${index} is lost`);
  }
});

test("more pixels than values repeat values", () => {
  assert.deepEqual([...resample([7, 9], 4).means], [7, 7, 9, 9]);
});

test("the scale ends where most values lie within it, and never at 0", () => {
  const values = Float32Array.from({ length: 1000 }, (_, index) => (index === 500 ? 1000 : (index % 11) - 5));
  assert.equal(scaleLimit(values), 5);
  assert.ok(scaleLimit([0, 0]) > 0);
  assert.ok(scaleLimit([-Infinity, 1, 2]) <= 2);
});

test("a point leads to a value of the vector", () => {
  assert.equal(indexAt(0, 50, 256), 0);
  assert.equal(indexAt(49.99, 50, 256), 255);
  assert.equal(indexAt(50, 50, 256), 255);
  assert.equal(indexAt(-3, 50, 256), 0);
});

test("colours: symmetric about 0, clipped at the ends", () => {
  const ramp = colourRamp(["#000000", "rgb(100, 100, 100)", "#c8c8c8"], 5);
  assert.deepEqual([ramp[0], ramp[4], ramp[8], ramp[12], ramp[16]], [0, 50, 100, 150, 200]);
  assert.equal(rampIndex(0, 3, 255), 127);
  assert.equal(rampIndex(-99, 3, 255), 0);
  assert.equal(rampIndex(99, 3, 255), 254);
});

test("a colour that only the system knows is grey", () => {
  assert.equal(colourScale(["CanvasText", "CanvasText"])(0.5), "#808080");
  assert.equal(colourScale(["#000", "#fff"])(1), "#ffffff");
});
