import { useMemo } from "preact/hooks";
import { useColours } from "../use_colours.js";
import { useRamp } from "./use_ramp.js";

/**
 * Colours of a strip as the page has them now.
 * @param {string} role one of the roles of tokens.css
 */
export function useStripColours(role) {
  const colours = useColours();
  const { ramp } = useRamp(false);
  return useMemo(() => {
    const frame = getComputedStyle(document.documentElement).getPropertyValue(`--${role}`).trim();
    return { ramp, frame };
  }, [colours, ramp, role]);
}
