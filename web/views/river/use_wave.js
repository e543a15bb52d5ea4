import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { usePage } from "../page_context.js";

const WAVE_MS = 1400;
// Beside a quicker pace it would be in the way.
const LEAST_MS = 600;

/**
 * While a new token's river runs from left to right through the blocks. Any key or press ends it; none where the reader wants
 * no motion.
 * @param {import("./sheet_props.js").SheetProps["base"] | null} base @param {number} width of the figure
 * @returns {{is_waving: boolean, edge: import("preact").RefObject<SVGRectElement | null>}} edge: the part of the figure it has reached
 */
export function useWave(base, width) {
  const { state } = usePage();
  const [is_waving, setWaving] = useState(false);
  const edge = useRef(/** @type {SVGRectElement | null} */ (null));
  const before = useRef(/** @type {import("../../state/types.js").Run | null} */ (null));
  const run = base?.run ?? null;
  useLayoutEffect(() => {
    const earlier = before.current;
    before.current = run;
    const room_ms = state.activity.peek() === "playing" ? state.pace_ms.peek() * 0.8 : WAVE_MS;
    const is_still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (is_still || room_ms < LEAST_MS || !run || !earlier || !isNext(earlier, run)) return undefined;
    const duration = Math.min(WAVE_MS, room_ms);
    const began = performance.now();
    const end = () => setWaving(false);
    setWaving(true);
    let frame = requestAnimationFrame(function step(time) {
      const share = Math.min(1, Math.max(0, time - began) / duration);
      edge.current?.setAttribute("width", String(width * share));
      if (share < 1) frame = requestAnimationFrame(step);
      else end();
    });
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, end, { capture: true });
    return () => {
      cancelAnimationFrame(frame);
      for (const kind of ["pointerdown", "keydown"]) removeEventListener(kind, end, { capture: true });
      end();
    };
  }, [run]);
  return { is_waving, edge };
}

/** Whether a run is another with one token more. @param {import("../../state/types.js").Run} earlier @param {import("../../state/types.js").Run} run */
const isNext = (earlier, run) => run.tokens.length === earlier.tokens.length + 1 && run.n_prompt === earlier.n_prompt;
