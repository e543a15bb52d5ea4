import { useMemo } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { attentionMarks, mlpMarks } from "../../layout/river/marks.js";
import { opennessOf, partOf } from "../../layout/river/parts.js";
import { px } from "../../layout/river/ribbons.js";
import { rowOf } from "../../layout/river/rows.js";
import { largestPush, strongestPlace } from "../../layout/river/sources.js";
import { mix, openWidthOf, riverSpans } from "../../layout/river/spans.js";
import { usePage } from "../page_context.js";
import { Annotation } from "./annotation.jsx";
import { BlockGround, BlockHeads } from "./block_heads.jsx";
import { ChangeMarks } from "./change_marks.jsx";
import { Guesses } from "./guesses.jsx";
import { nameOf } from "./names.js";
import { NextRibbons } from "./next_ribbons.jsx";
import { OpenBlock } from "./open_block.jsx";
import { OpenPartView } from "./open_part.jsx";
import { PlaceMarks } from "./place_marks.jsx";
import { RiverGradients, RiverMarks } from "./river_marks.jsx";
import { RiverRows } from "./river_rows.jsx";

const ID = "river";
const WAVE = "river-wave";
// While something is open the rest steps back.
const SET_BACK = 0.12;

/**
 * The whole figure as one drawing: what is saved of it is this.
 * @param {{base: import("./sheet_props.js").SheetProps["base"], shown: import("./sheet_props.js").SheetProps["shown"], frame: import("./sheet_props.js").SheetProps["frame"], rows: import("./sheet_props.js").SheetProps["rows"], opening: import("../../layout/river/parts.js").Opening, wave: ReturnType<typeof import("./use_wave.js").useWave>}} props
 */
export function RiverSheet({ base, shown, frame, rows, opening, wave }) {
  const { state } = usePage();
  const { blocks: spans, ...ends } = riverSpans(opening, shown.data.n_layer, frame.river);
  const drawn = Math.max(0, rowOf(rows, shown.position));
  // What closes is drawn until it is half closed, too.
  const drawn_open = Object.entries(opening)
    .filter(([, share]) => share > 0.5)
    .map(([key, share]) => {
      const part = partOf(key);
      return { part, fade: (share - 0.5) * 2, width: openWidthOf(part, spans.length, frame.river.width) };
    });
  const layerOf = (/** @type {"attention" | "mlp"} */ kind) =>
    drawn_open.find(({ part }) => part.kind === kind)?.part.layer ?? null;
  const quiet = mix(1, SET_BACK, opennessOf(opening));
  const largest = useMemo(() => largestPush(shown.data), [shown]);
  const attention = attentionMarks(shown.data, rows, spans, drawn, largest, {
    skips_layer: layerOf("attention"),
  });
  const mlp = mlpMarks(shown.data, rows, spans, drawn, largest, { skips_layer: layerOf("mlp") });
  const strongest = useMemo(() => strongestPlace(shown.data), [shown]);
  const lit = state.lit_part.value;
  const reached = wave.is_waving ? `url(#${WAVE})` : undefined;
  const sheet = { base, shown, frame, rows, spans, ends, drawn };

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
      <RiverRows {...sheet} reached={reached} quiet={mix(1, SET_BACK, opennessOf(withoutAttention(opening)))} />
      <g clip-path={reached} class="river-ribbons" opacity={quiet}>
        <RiverMarks
          marks={attention}
          kind="attention"
          id={ID}
          is_lit={(mark) => lit?.kind === "attention" && lit.layer === mark.layer && lit.source === mark.source}
        />
        <RiverMarks marks={mlp} kind="mlp" id={ID} is_lit={(mark) => lit?.kind === "mlp" && lit.layer === mark.layer} />
      </g>
      {drawn_open.map(({ part, fade, width }) =>
        part.kind === "attention" ? (
          <OpenBlock key="attention" {...sheet} layer={part.layer} width={width} fade={fade} largest={largest} />
        ) : (
          <OpenPartView key={part.kind} {...sheet} part={part} width={width} fade={fade} largest={largest} />
        ),
      )}
      <g clip-path={reached} opacity={mix(quiet, 1, opening.unembedding ?? 0)}>
        <NextRibbons {...sheet} />
      </g>
      <PlaceMarks {...sheet} />
      <BlockHeads {...sheet} strongest={strongest?.layer ?? null} />
      <g clip-path={reached}>
        <Guesses {...sheet} />
      </g>
      <ChangeMarks {...sheet} />
      {!wave.is_waving && quiet === 1 && strongest && <Annotation {...sheet} place={strongest} />}
    </svg>
  );
}

/** What stands on the chosen river alone leaves the others nothing to do; attention reads from them. @param {import("../../layout/river/parts.js").Opening} opening */
const withoutAttention = (opening) =>
  Object.fromEntries(Object.entries(opening).filter(([key]) => partOf(key).kind !== "attention"));
