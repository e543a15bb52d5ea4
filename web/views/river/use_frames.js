import { useEffect, useRef, useState } from "preact/hooks";

/**
 * Counts drawn frames, up to `count`, from when something is there to be drawn; once there, it stays there, whatever the count
 * becomes.
 * @param {boolean} is_there @param {number} count
 */
export function useFrames(is_there, count) {
  const [n, setN] = useState(0);
  const is_done = useRef(false);
  if (is_there && n >= count) is_done.current = true;
  useEffect(() => {
    if (!is_there || is_done.current) return undefined;
    const frame = requestAnimationFrame(() => setN(n + 1));
    return () => cancelAnimationFrame(frame);
  }, [is_there, n, count]);
  return is_done.current ? count : n;
}
