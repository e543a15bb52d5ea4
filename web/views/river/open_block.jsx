import { useMemo } from "preact/hooks";
import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { headOf } from "../../layout/river/head_numbers.js";
import { landings, strengthOf } from "../../layout/river/marks.js";
import { openBlockLayout, patternByRow } from "../../layout/river/open_block.js";
import { bandPath, px } from "../../layout/river/ribbons.js";
import { ofAllSources } from "../../layout/river/sources.js";
import { narrowed } from "../../layout/river/stage.js";
import { turnsOf } from "../../layout/river/turns.js";
import { usePage } from "../page_context.js";
import { HeadThumbnail } from "./head_thumbnail.jsx";
import { OpenPattern } from "./open_pattern.jsx";
import { OpenValues } from "./open_values.jsx";
import { useFrames } from "./use_frames.js";

/**
 * A block unfolded in its place on the river. What is laid out for the full width is drawn narrower while it unfolds: nothing but
 * x changes.
 * @param {import("./sheet_props.js").SheetProps & {layer: number, width: number, fade: number, largest: number}} props `width`: of
 *   the block when it is open
 */
export function OpenBlock({ shown, frame, rows, spans, drawn, layer, width, fade, largest }) {
  const { state } = usePage();
  const head = state.head.value;
  const block = state.block.value;
  const language = state.language.value;
  const is_here = block !== null && block.layer === layer && block.run === shown.run;
  const values = is_here && block && headOf(block, "value", 0);
  const d_head = values ? values.length / shown.run.tokens.length : 0;
  const turns = turnsOf(drawn + 1, d_head, shown.data.n_head - 1);
  const turn = useFrames(is_here, turns.n_turns);
  const span = spans[layer];
  // Drawn anew for new numbers, not for every step of the unfolding.
  const inside = useMemo(
    () => (
      <Inside
        shown={shown}
        frame={frame}
        rows={rows}
        drawn={drawn}
        layer={layer}
        width={width}
        largest={largest}
        head={head}
        block={is_here ? block : null}
        turns={turns}
        turn={turn}
      />
    ),
    [shown, frame, rows, drawn, layer, width, largest, head, is_here && block, turn, turns.n_turns, language],
  );
  return (
    <g
      class="open-block"
      data-tour="open-block"
      opacity={Math.max(0, Math.min(1, fade))}
      aria-busy={!is_here || turn < turns.n_turns}
      transform={narrowed(span, width)}
    >
      {inside}
    </g>
  );
}

/**
 * @param {Omit<import("./sheet_props.js").SheetProps, "base" | "spans" | "ends"> & {layer: number, width: number, largest: number,
 *   head: number, block: import("../../state/figures_state.js").BlockData | null, turns: import("../../layout/river/turns.js").Turns,
 *   turn: number}} props
 */
function Inside({ shown, frame, rows, drawn, layer, width, largest, head, block, turns, turn }) {
  const { n_head } = shown.data;
  const layout = openBlockLayout({ x: 0, width }, rows, drawn, n_head, head, frame.rows);
  const row = rows[drawn];
  const by_row = useMemo(() => {
    const pattern = block && headOf(block, "attention_pattern", head);
    return pattern && patternByRow(pattern, block.run.tokens.length, rows);
  }, [block, head, rows]);
  const shares = ofAllSources(shown.data, layer, "share");
  const pushes = ofAllSources(shown.data, layer, "push");
  return (
    <>
      <defs>
        <linearGradient
          id="river-heads-stain"
          gradientUnits="userSpaceOnUse"
          x1={px(layout.landing)}
          x2={px(layout.landing + layout.stain)}
          y1="0"
          y2="0"
        >
          <stop offset="0" class="stop-attention" />
          <stop offset="1" class="stop-attention" stop-opacity="0" />
        </linearGradient>
      </defs>
      {landings(Array.from(shares), row).map(({ index, top, thickness }) => {
        const box = index === head ? layout.output : layout.thumbnails.get(index);
        if (!box || thickness < 0.2) return null;
        const from = { x: box.x + box.width + 1, y: index === head ? row.y : box.y + box.height / 2, thickness };
        const path = bandPath(from, { x: layout.landing, y: top + thickness / 2, thickness });
        const is_taken = shares[index] < 0;
        const strength = strengthOf(pushes[index], largest);
        return (
          <g key={index} opacity={strength}>
            <path
              class={is_taken ? "ribbon-taken ribbon-attention" : "head-ribbon"}
              d={path}
              fill={is_taken ? "none" : undefined}
            />
            <rect
              class={is_taken ? "ribbon-taken ribbon-attention" : undefined}
              x={px(layout.landing - 0.3)}
              y={px(top)}
              width={px(layout.stain)}
              height={px(thickness)}
              fill={is_taken ? "none" : "url(#river-heads-stain)"}
            />
          </g>
        );
      })}
      {block && by_row && turns.hasPattern(turn) && <OpenPattern {...{ layout, block, head, rows, drawn, by_row }} />}
      {block && by_row && turns.rowsAt(turn) > 0 && (
        <OpenValues
          {...{ layout, block, head, rows, drawn, by_row }}
          n_drawn={turns.rowsAt(turn)}
          position={shown.position}
        />
      )}
      {block &&
        Array.from(layout.thumbnails)
          .slice(0, turns.headsAt(turn))
          .map(([index, box]) => <HeadThumbnail key={index} block={block} head={index} box={box} rows={rows} />)}
      <text
        class="river-small"
        x={px(layout.heads_label.x)}
        y={px(Math.max(frame.rows.top - 8, layout.heads_label.y))}
        text-anchor="end"
      >
        {t("river.n_heads", { count: n_head })}
      </text>
      <text
        class="river-small strong attention-ink"
        x={px(layout.output.x + layout.output.width / 2)}
        y={px(layout.output.y + layout.output.height + 18)}
        text-anchor="middle"
      >
        {t("river.head", { head: ordinal(head) })}
      </text>
      <text class="river-small mlp-ink" x={px(width - 70)} y={px(row.y + row.thickness / 2 + 17)} text-anchor="end">
        {t("river.mlp")}
      </text>
    </>
  );
}
