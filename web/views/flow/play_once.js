import { useLayoutEffect, useRef } from "preact/hooks";
import { isInSight, rowMiddle } from "../../layout/flow/rows.js";

const WHOLE_MS = 1700;
const ROW_MS = 700;

/** @typedef {import("../../state/types.js").Run} Run */

const wantsMotion = () => !matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {Run | null} earlier @param {Run} run */
const hasGrown = (earlier, run) =>
  earlier !== null && run.tokens.length > earlier.tokens.length && run.additions.length > 0;

/** @param {Run | null} earlier @param {Run} run */
function isNewText(earlier, run) {
  return earlier !== run && run.additions.length === 0 && earlier?.text !== run.text;
}

/**
 * A number that changes with each text that comes in as a whole. What has it as its key is built anew, under the cover and
 * a part a frame, which is lighter than changing everything at once.
 * @param {Run} run
 */
export function useComing(run) {
  const last = useRef({ run: /** @type {Run | null} */ (null), count: 0 });
  const { run: earlier, count } = last.current;
  if (earlier !== run) last.current = { run, count: count + Number(isNewText(earlier, run) && wantsMotion()) };
  return last.current.count;
}

/**
 * A new text comes in from left to right, once; of a token that was added only its row. Any key or press ends it. Nothing
 * moves when the reader wants no motion.
 * @param {{current: HTMLElement | null}} sheet
 * @param {Run} run
 * @param {import("../../layout/flow/rows.js").RowLayout} rows
 */
export function usePlayOnce(sheet, run, rows) {
  const before = useRef(/** @type {Run | null} */ (null));
  useLayoutEffect(() => {
    const element = sheet.current;
    const earlier = before.current;
    before.current = run;
    const has_grown = hasGrown(earlier, run);
    if (!element || earlier === run || !wantsMotion() || (!has_grown && !isNewText(earlier, run))) return undefined;
    const cover = document.createElement("div");
    cover.className = "flow-cover";
    const last = run.tokens.length - 1;
    if (has_grown) {
      if (!isInSight(rows, last)) return undefined;
      cover.style.top = `${rowMiddle(rows, last) - rows.pitch / 2}px`;
      cover.style.height = `${rows.pitch}px`;
    }
    element.append(cover);
    const played = cover.animate([{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }], {
      duration: has_grown ? ROW_MS : WHOLE_MS,
      easing: "cubic-bezier(0.35, 0.1, 0.45, 1)",
    });
    const end = () => {
      played.cancel();
      cover.remove();
    };
    played.onfinish = end;
    addEventListener("pointerdown", end, { once: true, capture: true });
    addEventListener("keydown", end, { once: true, capture: true });
    return () => {
      end();
      removeEventListener("pointerdown", end, { capture: true });
      removeEventListener("keydown", end, { capture: true });
    };
  }, [run]);
}
