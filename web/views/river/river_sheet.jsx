import { useMemo } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { attentionMarks, mlpMarks } from "../../layout/river/marks.js";
import { px } from "../../layout/river/ribbons.js";
import { rowOf } from "../../layout/river/rows.js";
import { largestPush, strongestPlace } from "../../layout/river/sources.js";
import { blockSpans } from "../../layout/river/spans.js";
import { usePage } from "../page_context.js";
import { Annotation } from "./annotation.jsx";
import { BlockGround, BlockHeads } from "./block_heads.jsx";
import { ChangeMarks } from "./change_marks.jsx";
import { Guesses } from "./guesses.jsx";
import { nameOf } from "./names.js";
import { NextRibbons } from "./next_ribbons.jsx";
import { OpenBlock } from "./open_block.jsx";
import { RiverGradients, RiverMarks } from "./river_marks.jsx";
import { RiverRows } from "./river_rows.jsx";

const ID = "river";
const WAVE = "river-wave";

/**
 * The whole figure as one drawing: what is saved of it is this.
 * @param {{base: import("./sheet_props.js").SheetProps["base"], shown: import("./sheet_props.js").SheetProps["shown"], frame: import("./sheet_props.js").SheetProps["frame"], rows: import("./sheet_props.js").SheetProps["rows"], openness: number[], wave: ReturnType<typeof import("./use_wave.js").useWave>}} props
 */
export function RiverSheet({ base, shown, frame, rows, openness, wave }) {
  const { state } = usePage();
  const spans = blockSpans(openness, frame.river);
  const drawn = Math.max(0, rowOf(rows, shown.position));
  const open = state.open_block.value;
  const is_drawn_open = open !== null && openness[open] > 0.5;
  const largest = useMemo(() => largestPush(shown.data), [shown]);
  const attention = attentionMarks(shown.data, rows, spans, drawn, largest, {
    skips_layer: is_drawn_open ? open : null,
  });
  const mlp = mlpMarks(shown.data, rows, spans, drawn, largest);
  const strongest = useMemo(() => strongestPlace(shown.data), [shown]);
  const lit = state.lit_part.value;
  const reached = wave.is_waving ? `url(#${WAVE})` : undefined;
  const sheet = { base, shown, frame, rows, spans, drawn };

  const label = t("river.figure", { text: base.run.text, answer: nameOf(base.labels.get(base.data.answer) ?? "") });
  return (
    <svg
      class="river-svg"
      width={frame.width}
      height={frame.height}
      viewBox={`0 0 ${px(frame.width)} ${px(frame.height)}`}
      role="img"
      aria-label={label}
    >
      <defs>
        <RiverGradients spans={spans} id={ID} />
        {wave.is_waving && (
          <clipPath id={WAVE}>
            <rect ref={wave.edge} x="0" y="0" width="0" height={px(frame.height)} />
          </clipPath>
        )}
      </defs>
      <BlockGround {...sheet} />
      <RiverRows {...sheet} reached={reached} />
      <g clip-path={reached} class={is_drawn_open ? "river-ribbons set-back" : "river-ribbons"}>
        <RiverMarks
          marks={attention}
          kind="attention"
          id={ID}
          is_lit={(mark) => lit?.kind === "attention" && lit.layer === mark.layer && lit.source === mark.source}
        />
        <RiverMarks marks={mlp} kind="mlp" id={ID} is_lit={(mark) => lit?.kind === "mlp" && lit.layer === mark.layer} />
      </g>
      {is_drawn_open && open !== null && (
        <OpenBlock {...sheet} layer={open} fade={(openness[open] - 0.5) * 2} largest={largest} />
      )}
      <g clip-path={reached}>
        <NextRibbons {...sheet} />
      </g>
      <BlockHeads {...sheet} strongest={strongest?.layer ?? null} />
      <g clip-path={reached}>
        <Guesses {...sheet} />
      </g>
      <ChangeMarks {...sheet} />
      {!wave.is_waving && !is_drawn_open && strongest && <Annotation {...sheet} place={strongest} />}
    </svg>
  );
}
