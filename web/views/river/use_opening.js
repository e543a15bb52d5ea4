import { useEffect, useRef, useState } from "preact/hooks";

const OPENING_MS = 520;

/** @param {number} t 0 to 1 */
const eased = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (-2 * t + 2) ** 3 / 2);

/**
 * How far each block is open, moving towards the one that is asked for from wherever it stands. At once where the reader wants
 * no motion.
 * @param {number} n_layer @param {number | null} open
 * @returns {number[]} [layer] 0 to 1
 */
export function useOpening(n_layer, open) {
  const target = (/** @type {number} */ layer) => Number(layer === open);
  const [openness, setOpenness] = useState(() => Array.from({ length: n_layer }, (_, layer) => target(layer)));
  const now = useRef(openness);
  now.current = openness;
  useEffect(() => {
    const to = Array.from({ length: n_layer }, (_, layer) => target(layer));
    const from = to.map((_, layer) => now.current[layer] ?? 0);
    const is_there = from.every((share, layer) => share === to[layer]) && now.current.length === n_layer;
    if (is_there) return undefined;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || now.current.length !== n_layer) {
      setOpenness(to);
      return undefined;
    }
    const began = performance.now();
    let frame = requestAnimationFrame(function step(time) {
      const share = eased(Math.min(1, Math.max(0, time - began) / OPENING_MS));
      setOpenness(from.map((start, layer) => start + (to[layer] - start) * share));
      if (share < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [n_layer, open]);
  // Between two models for one drawing.
  return openness.length === n_layer ? openness : Array.from({ length: n_layer }, (_, layer) => target(layer));
}
