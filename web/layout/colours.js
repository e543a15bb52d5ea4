/** Colours of numbers, from those of the page. */
import { color, rgb } from "d3-color";
import { interpolateRgb, piecewise } from "d3-interpolate";

// For the system's named colours of forced-colour modes, which only the browser knows.
const GREY = rgb(128, 128, 128);

/** @param {string} name any colour of CSS but those of the system */
export const parseColour = (name) => color(name)?.rgb() ?? GREY;

/**
 * From one end of a scale to the other.
 * @param {string[]} stops colours, evenly spaced
 * @returns {(share: number) => string} "#rrggbb" of a share from 0 to 1
 */
export function colourScale(stops) {
  const between = piecewise(interpolateRgb, stops.map(parseColour));
  return (share) => rgb(between(share)).formatHex();
}

/**
 * The scale as pixels.
 * @param {string[]} stops colours, evenly spaced @param {number} count of pixels, odd, so that one is the middle
 * @returns {Uint8ClampedArray} [count, 4], opaque
 */
export function colourRamp(stops, count) {
  const between = piecewise(interpolateRgb, stops.map(parseColour));
  const ramp = new Uint8ClampedArray(count * 4);
  for (let index = 0; index < count; index++) {
    const { r, g, b } = rgb(between(index / (count - 1)));
    ramp.set([r, g, b, 255], index * 4);
  }
  return ramp;
}
