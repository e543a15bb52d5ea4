import { toChildArray } from "preact";
import { useEffect, useState } from "preact/hooks";

/**
 * Draws its children one after another with a frame in between, so that they do not keep the page from answering.
 * @param {object} props
 * @param {import("preact").ComponentChildren} props.children
 * @param {number} [props.step] how many a frame
 * @param {boolean} [props.is_waiting] none further for now
 */
export function InTurn({ children, step = 1, is_waiting = false }) {
  const parts = toChildArray(children);
  const [count, setCount] = useState(step);
  const is_next = count < parts.length && !is_waiting;
  useEffect(() => {
    if (!is_next) return undefined;
    // Tabs in the background have no frames.
    const frame = requestAnimationFrame(() => setTimeout(finish));
    const timer = setTimeout(finish, 200);
    function finish() {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      setCount(count + step);
    }
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [count, is_next]);
  return <>{parts.slice(0, count)}</>;
}
