import { useId, useMemo, useRef } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { attentionMarks, mlpMarks } from "../../layout/river/marks.js";
import { riverRows, rowOf } from "../../layout/river/rows.js";
import { largestPush, largestShares } from "../../layout/river/sources.js";
import { riverSpans } from "../../layout/river/spans.js";
import { Guesses } from "../river/guesses.jsx";
import { nameOf } from "../river/names.js";
import { RiverGradients, RiverMarks } from "../river/river_marks.jsx";
import { RiverRows } from "../river/river_rows.jsx";
import { useSize } from "../use_size.js";

const LABELS_PX = 92;
const ROWS = { top: 8, least: 120, each: 24 };
const BELOW_PX = 62;

/** A river to look at: nothing in it opens. @param {{river: import("../../state/river_state.js").River}} props */
export function SmallRiver({ river }) {
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { width } = useSize(room);
  return (
    <div class="small-river" ref={room}>
      {width > 0 && <Sheet river={river} width={width} />}
    </div>
  );
}

/** @param {{river: import("../../state/river_state.js").River, width: number}} props */
function Sheet({ river, width }) {
  const id = useId();
  const { data, run, labels } = river;
  const frame = useMemo(() => frameOf(width, run.tokens.length), [width, run]);
  const rows = useMemo(
    () =>
      riverRows({
        n_tokens: run.tokens.length,
        chosen: river.position,
        shares: largestShares(data),
        room: frame.rows,
      }),
    [river, frame],
  );
  const { blocks: spans, ...ends } = riverSpans({}, data.n_layer, frame.river);
  const drawn = Math.max(0, rowOf(rows, river.position));
  const largest = largestPush(data);
  const sheet = { base: river, shown: river, frame, rows, spans, ends, drawn };
  const label = t("river.figure", { text: run.text, answer: nameOf(labels.get(data.answer) ?? "") });
  return (
    <svg class="river-svg" width={width} height={frame.height} role="img" aria-label={label}>
      <defs>
        <RiverGradients spans={spans} id={id} />
      </defs>
      <RiverRows {...sheet} reached={undefined} />
      <RiverMarks
        marks={attentionMarks(data, rows, spans, drawn, largest)}
        kind="attention"
        id={id}
        is_lit={() => false}
      />
      <RiverMarks marks={mlpMarks(data, rows, spans, drawn, largest)} kind="mlp" id={id} is_lit={() => false} />
      <Guesses {...sheet} />
    </svg>
  );
}

/** @param {number} width @param {number} n_tokens @returns {import("../../layout/river/frame.js").Frame} */
function frameOf(width, n_tokens) {
  const height = Math.max(ROWS.least, Math.min(24, n_tokens) * ROWS.each);
  return {
    width,
    height: ROWS.top + height + BELOW_PX,
    is_narrow: true,
    labels: { x: LABELS_PX, width: LABELS_PX },
    river: { x: LABELS_PX + 18, width: width - LABELS_PX - 28 },
    rows: { top: ROWS.top, height },
    heads_y: 0,
    guesses_y: ROWS.top + height + 42,
    list: null,
  };
}
