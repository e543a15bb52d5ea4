import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { columnLayout } from "../../layout/flow/columns.js";
import { isInSight, rowLayout } from "../../layout/flow/rows.js";
import { stripColumns } from "../../layout/flow/strips.js";
import { InTurn } from "../in_turn.jsx";
import { usePage } from "../page_context.js";
import { AddedShares } from "./added_shares.jsx";
import { AllBlocks } from "./all_blocks.jsx";
import { AttentionFan } from "./attention_fan.jsx";
import { BackRibbons } from "./back_ribbons.jsx";
import { HeadCard } from "./head_card.jsx";
import { NextColumn } from "./next_column.jsx";
import { useComing, usePlayOnce } from "./play_once.js";
import { StageHeads } from "./stage_heads.jsx";
import { StripColumn } from "./strip_column.jsx";
import { TokenColumn } from "./token_column.jsx";
import { ValueTip } from "./value_tip.jsx";
import { Veils } from "./veils.jsx";

// Room above the rows for the names of the stages, and below them for the scales of the strips and the frame's edge.
const TOP_PX = 82;
const BOTTOM_PX = 30;

/**
 * The flow from left to right. Rows that do not fit scroll as one; the heads stay.
 * @param {{data: import("../../state/flow_state.js").FlowData, width: number, height: number}} props
 */
export function FlowSheet({ data, width, height }) {
  const { state, selectors } = usePage();
  const scroller = useRef(/** @type {HTMLDivElement | null} */ (null));
  const sheet = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [first, setFirst] = useState(Infinity);
  const n_tokens = data.run.tokens.length;
  const layout = useMemo(() => columnLayout(width), [width]);
  const rows = useMemo(
    () => rowLayout(n_tokens, { top: TOP_PX, height: height - TOP_PX - BOTTOM_PX }, first),
    [n_tokens, height, first],
  );
  const head = state.head.value;
  const strips = useMemo(() => stripColumns(data.tensors, data.layer, head), [data, head]);
  const query = Math.min(selectors.query.value, n_tokens - 1);
  const hidden_px = (n_tokens - rows.count) * rows.pitch;

  // The chosen token stays in sight; the end of the text is where things happen.
  useEffect(() => {
    if (!isInSight(rows, query)) setFirst(query - Math.floor(rows.count / 2));
  }, [query, n_tokens]);
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = rows.first * rows.pitch;
  }, [rows.first, rows.pitch]);
  const coming = useComing(data.run);
  usePlayOnce(sheet, data.run, rows);

  const figure = { data, layout, rows };
  return (
    <div
      class={hidden_px > 0 ? "flow-scroller flow-scrolls" : "flow-scroller"}
      ref={scroller}
      onScroll={(event) => hidden_px > 0 && setFirst(Math.round(event.currentTarget.scrollTop / rows.pitch))}
    >
      <div class="flow-spacer" style={{ height: `${height + hidden_px}px` }}>
        <div
          class="flow-sheet"
          ref={sheet}
          style={{ height: `${height}px`, width: `${width}px`, "--sheet-width": width }}
        >
          <InTurn key={coming} step={2}>
            <BackRibbons {...figure} height={height} />
            <TokenColumn {...figure} />
            <HeadCard {...figure} />
            {strips.map((column) => {
              const span = layout.columns[column.column];
              return span && <StripColumn key={column.column} strips={column} span={span} rows={rows} />;
            })}
            <AttentionFan {...figure} height={height} />
            <AllBlocks {...figure} height={height} />
            <NextColumn {...figure} height={height} />
            <Veils {...figure} height={height} />
            <AddedShares {...figure} />
            <StageHeads {...figure} />
          </InTurn>
          <ValueTip tokens={data.run.tokens} width={width} />
        </div>
      </div>
    </div>
  );
}
