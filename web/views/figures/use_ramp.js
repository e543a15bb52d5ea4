import { useMemo } from "preact/hooks";
import { colourRamp } from "../../layout/colours.js";
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
    const stops = (is_sequential ? SEQUENTIAL : DIVERGING).map(named);
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
