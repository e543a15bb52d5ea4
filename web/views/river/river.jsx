import { useMemo, useRef } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { riverFrame } from "../../layout/river/frame.js";
import { riverRows } from "../../layout/river/rows.js";
import { largestShares } from "../../layout/river/sources.js";
import { blockSpans } from "../../layout/river/spans.js";
import { CutBar } from "../changes/cut_bar.jsx";
import { usePage } from "../page_context.js";
import { useSize } from "../use_size.js";
import { Legend } from "./legend.jsx";
import { NextList } from "./next_list.jsx";
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
  const openness = useOpening(base?.data.n_layer ?? 0, state.open_block.value);
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
  const open = state.open_block.value === null ? undefined : blockSpans(openness, frame.river)[state.open_block.value];
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
          <RiverSheet base={base} shown={shown} frame={frame} rows={rows} openness={openness} wave={wave} />
        )}
        <p class="visually-hidden" aria-live="polite">
          {keys.words}
        </p>
      </div>
      {open && open.openness > 0.95 && (
        <PatternStages left={frame.is_narrow ? 0 : open.x + 22} top={frame.rows.top + frame.rows.height + 18} />
      )}
      {width > 0 && <NextList list={frame.list} />}
      <Legend list={frame.list} />
      <CutBar />
      {state.is_river_table.value && <RiverTable />}
    </section>
  );
}
