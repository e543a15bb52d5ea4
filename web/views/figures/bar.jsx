/**
 * One bar of a column of bars, from 0 to its value. A line marks 0 where some bars go to the left of it.
 * @param {{span: {start: number, length: number}, zero: number}} props fractions of the room, see layout/bars.js
 */
export function Bar({ span, zero }) {
  return (
    <span class="bar" aria-hidden="true">
      <span class="bar-length" style={{ transform: `translateX(${100 * span.start}%) scaleX(${span.length})` }} />
      {zero > 0 && <span class="bar-zero" style={{ left: `${100 * zero}%` }} />}
    </span>
  );
}
