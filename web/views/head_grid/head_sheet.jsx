import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatNumber, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { cellAt, cellPlace, gridLayout, neighbour } from "../../layout/head_grid.js";
import { usePage } from "../page_context.js";
import { useColours } from "../use_colours.js";
import { useSize } from "../use_size.js";
import { drawGrid } from "./draw_grid.js";

const LABEL_PX = 72;
// On a narrow screen a block is its number: the patterns need the room.
const NARROW_PX = 520;
const NARROW_LABEL_PX = 26;
const HEIGHT_PX = 600;

/** @typedef {import("../../layout/head_grid.js").Head} Head */

/**
 * The thumbnails; a click, or arrow keys and Enter, opens a head.
 * @param {{heads: Head[], columns: number, group: number, thumbnails: {size: number, data: Uint8ClampedArray}[],
 *   scores: Float32Array | null, is_sorted: boolean, describe: (head: Head) => string}} props
 */
export function HeadSheet({ heads, columns, group, thumbnails, scores, is_sorted, describe }) {
  const { state, actions } = usePage();
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const { width } = useSize(room);
  const is_narrow = width < NARROW_PX;
  const label_px = is_narrow ? NARROW_LABEL_PX : LABEL_PX;
  const colours = useColours();
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null));
  const layout = useMemo(
    () => gridLayout(heads, columns, { width: width - label_px, height: HEIGHT_PX, label_px }, { is_sorted, group }),
    [heads, columns, width, label_px, is_sorted, group],
  );
  useLayoutEffect(() => {
    const scoreOf = scores && ((/** @type {Head} */ { layer, head }) => scores[layer * columns + head]);
    if (canvas.current) drawGrid(canvas.current, layout, thumbnails, scoreOf);
  }, [layout, thumbnails, scores, colours]);

  const open_index = heads.findIndex(({ layer, head }) => layer === state.layer.value && head === state.head.value);
  /** @param {number | null} index */
  const open = (index) => {
    const head = index === null ? null : heads[index];
    if (!head) return;
    actions.selectLayer(head.layer);
    actions.selectHead(head.head);
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const at = pointed ?? open_index;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(at);
      return;
    }
    const target = neighbour(at, event.key, layout);
    if (target === null) return;
    event.preventDefault();
    setPointed(target);
  };
  const frame = (/** @type {number} */ index) => {
    const { x, y } = cellPlace(index, layout);
    const side = `${layout.thumb_px + 6}px`;
    return { transform: `translate(${label_px + x - 3}px, ${y - 3}px)`, width: side, height: side };
  };

  return (
    <>
      <div
        class="head-sheet"
        ref={room}
        role="group"
        tabIndex={0}
        aria-roledescription={t("heads.role")}
        aria-labelledby="heads-title"
        aria-describedby="heads-readout"
        style={{ height: `${layout.height + 6}px` }}
        onKeyDown={onKeyDown}
        onFocus={() => setPointed(pointed ?? open_index)}
        onBlur={() => setPointed(null)}
      >
        {!is_sorted &&
          Array.from({ length: Math.ceil(heads.length / columns) }, (_, layer) => (
            <span
              key={layer}
              class="head-row"
              style={{
                left: `${cellPlace(layer * columns, layout).x}px`,
                top: `${cellPlace(layer * columns, layout).y}px`,
                height: `${layout.thumb_px}px`,
                width: `${label_px}px`,
              }}
            >
              {is_narrow
                ? formatNumber(ordinal(layer), state.language.value)
                : t("heads.block", { block: formatNumber(ordinal(layer), state.language.value) })}
            </span>
          ))}
        <canvas
          ref={canvas}
          style={{ left: `${label_px}px`, width: `${layout.width}px`, height: `${layout.height}px` }}
          onPointerMove={(event) => setPointed(cellAt({ x: event.offsetX, y: event.offsetY }, layout))}
          onPointerLeave={() => setPointed(null)}
          onClick={(event) => open(cellAt({ x: event.offsetX, y: event.offsetY }, layout))}
        />
        {open_index >= 0 && <div class="head-frame head-frame-open" style={frame(open_index)} />}
        {pointed !== null && pointed >= 0 && <div class="head-frame" style={frame(pointed)} />}
      </div>
      <p class="readout" id="heads-readout" aria-live="polite">
        {pointed !== null && heads[pointed] ? describe(heads[pointed]) : t("heads.hint")}
      </p>
    </>
  );
}
