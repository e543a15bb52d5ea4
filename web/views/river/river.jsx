import { useMemo, useRef } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { riverFrame } from "../../layout/river/frame.js";
import { hasPart } from "../../layout/river/parts.js";
import { riverRows } from "../../layout/river/rows.js";
import { largestShares } from "../../layout/river/sources.js";
import { riverSpans, spanOf } from "../../layout/river/spans.js";
import { CutBar } from "../changes/cut_bar.jsx";
import { usePage } from "../page_context.js";
import { useSize } from "../use_size.js";
import { Legend } from "./legend.jsx";
import { NextList } from "./next_list.jsx";
import { PartButtons } from "./part_buttons.jsx";
import { RiverSheet } from "./river_sheet.jsx";
import { RiverTable } from "./river_table.jsx";
import { PatternStages } from "./stage_buttons.jsx";
import { useOpening } from "./use_opening.js";
import { useRiverKeys } from "./use_river_keys.js";
import { useRiverPointer } from "./use_river_pointer.js";
import { useWave } from "./use_wave.js";

/** What the model did with the text, from the tokens to the next one, on one screen. */
export function River() {
  const { state } = usePage();
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { width, height } = useSize(room);
  const base = state.river.value;
  const pointed = state.pointed_river.value;
  const shown = pointed && pointed.run === base?.run ? pointed : base;
  const n_layer = base?.data.n_layer ?? 0;
  const asked = state.open_part.value;
  // An address may name a block that this model does not have.
  const part = asked && hasPart(asked, n_layer) ? asked : null;
  const opening = useOpening(n_layer, part);
  const frame = useMemo(() => riverFrame(width, height), [width, height]);
  const rows = useMemo(
    () =>
      base
        ? riverRows({
            n_tokens: base.run.tokens.length,
            chosen: base.position,
            shares: largestShares(base.data),
            room: frame.rows,
          })
        : [],
    [base, frame],
  );
  const open = part && spanOf(riverSpans(opening, n_layer, frame.river), part);
  const keys = useRiverKeys(rows);
  const pointer = useRiverPointer();
  const wave = useWave(base, width);
  const is_playing = state.activity.value === "playing";
  const is_waiting = base === null || base.run !== state.run.value;
  return (
    <section
      class={`river ${wave.is_waving ? "is-waving" : ""} ${is_playing ? "is-playing" : ""}`}
      aria-labelledby="river-title"
      aria-busy={is_waiting}
      data-tour="river"
    >
      <h2 id="river-title" class="visually-hidden">
        {t("river.title")}
      </h2>
      <div
        class="river-room"
        ref={room}
        tabIndex={0}
        role="application"
        aria-roledescription={t("river.role")}
        aria-label={t("river.keys")}
        {...pointer}
        onKeyDown={keys.onKeyDown}
        onBlur={keys.onBlur}
      >
        {base && shown && width > 0 && (
          <RiverSheet base={base} shown={shown} frame={frame} rows={rows} opening={opening} wave={wave} />
        )}
        <p class="visually-hidden" aria-live="polite">
          {keys.words}
        </p>
      </div>
      {part && open && open.openness > 0.95 && (
        <PartButtons
          part={part}
          left={open.x + (frame.is_narrow ? 8 : 14)}
          top={frame.rows.top - 50}
          width={open.width - (frame.is_narrow ? 20 : 26)}
          is_narrow={frame.is_narrow}
        />
      )}
      {part?.kind === "attention" && open && open.openness > 0.95 && (
        <PatternStages left={frame.is_narrow ? 0 : open.x + 44} top={frame.rows.top + frame.rows.height + 18} />
      )}
      {width > 0 && <NextList list={frame.list} />}
      <Legend list={frame.list} />
      <CutBar />
      {state.is_river_table.value && <RiverTable />}
    </section>
  );
}
