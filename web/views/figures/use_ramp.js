import { useMemo } from "preact/hooks";
import { colourRamp } from "../../layout/strip.js";
import { useColours } from "../use_colours.js";

// The pixel ramp has an odd count, so that one colour is 0.
export const RAMP_LENGTH = 255;
const DIVERGING = [
  "--strip-negative",
  "--strip-negative-half",
  "--strip-zero",
  "--strip-positive-half",
  "--strip-positive",
];
const SEQUENTIAL = ["--sunk", "--attention"];

/**
 * Colours of a heat map as the page has them now: from below 0 to above, or from nothing to all.
 * @param {boolean} is_sequential
 */
export function useRamp(is_sequential) {
  const colours = useColours();
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const named = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const stops = (is_sequential ? SEQUENTIAL : DIVERGING).map((name) => channels(named(name)));
    return {
      stops,
      ramp: new Uint32Array(colourRamp(stops, RAMP_LENGTH).buffer),
      ink: named("--ink"),
      paper: named("--card"),
      faint: named("--empty-cell"),
      font: style.fontFamily,
    };
  }, [colours, is_sequential]);
}

/** Red, green, blue of "#rrggbb"; a middle grey for the system's named colours. @param {string} colour */
function channels(colour) {
  const digits = colour.replace("#", "");
  return digits.length === 6 ? [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16)) : [128, 128, 128];
}
