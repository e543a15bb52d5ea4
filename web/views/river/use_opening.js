import { useEffect, useRef, useState } from "preact/hooks";
import { keyOf } from "../../layout/river/parts.js";

const OPENING_MS = 520;

/** @typedef {import("../../layout/river/parts.js").Opening} Opening */

/** @param {number} t 0 to 1 */
const eased = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (-2 * t + 2) ** 3 / 2);

/**
 * How far each part is open, moving towards the one that is asked for from wherever it stands. At once where the reader wants
 * no motion, and where there is another model.
 * @param {number} n_layer @param {import("../../layout/river/parts.js").OpenPart | null} open
 * @returns {Opening}
 */
export function useOpening(n_layer, open) {
  const key = open && keyOf(open);
  const target = () => /** @type {Opening} */ (key === null ? {} : { [key]: 1 });
  const [held, setHeld] = useState(() => ({ n_layer, opening: target() }));
  const now = useRef(held);
  now.current = held;
  useEffect(() => {
    const to = target();
    const from = now.current.opening;
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    if (now.current.n_layer === n_layer && keys.every((name) => from[name] === to[name])) return undefined;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || now.current.n_layer !== n_layer) {
      setHeld({ n_layer, opening: to });
      return undefined;
    }
    const began = performance.now();
    let frame = requestAnimationFrame(function step(time) {
      const share = eased(Math.min(1, Math.max(0, time - began) / OPENING_MS));
      const between = keys.map((name) => {
        const start = from[name] ?? 0;
        return /** @type {const} */ ([name, start + ((to[name] ?? 0) - start) * share]);
      });
      setHeld({ n_layer, opening: share < 1 ? Object.fromEntries(between.filter(([, part]) => part > 0)) : to });
      if (share < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [n_layer, key]);
  // Between two models for one drawing.
  return held.n_layer === n_layer ? held.opening : target();
}
