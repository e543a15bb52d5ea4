import { useLayoutEffect, useState } from "preact/hooks";

/**
 * Size in px of the room a figure has, before the first paint and whenever it changes.
 * @param {{current: HTMLElement | null}} element
 */
export function useSize(element) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const room = element.current;
    if (!room) return undefined;
    const print = matchMedia("print");
    // On paper figures stay as they are on screen; the style sheet fits them in.
    const measure = () =>
      print.matches ||
      setSize(({ width, height }) =>
        width === room.clientWidth && height === room.clientHeight
          ? { width, height }
          : { width: room.clientWidth, height: room.clientHeight },
      );
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(room);
    return () => observer.disconnect();
  }, []);
  return size;
}
