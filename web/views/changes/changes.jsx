import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { strongestPlace } from "../../layout/river/sources.js";
import { usePage } from "../page_context.js";
import { nameOf } from "../river/names.js";
import { BeforeAfter } from "./before_after.jsx";
import { ChangeList } from "./change_list.jsx";
import { CutControls } from "./cut_controls.jsx";
import { SweepFigure } from "./sweep_figure.jsx";

/** Cut something and see what becomes of the answer: the test that the ledger of parts is not. */
export function Changes() {
  const { state, selectors, actions } = usePage();
  const run = state.run.value;
  const part = state.picked_part.value ?? likelyPart(state.river.value);
  if (!run) return null;
  const is_waiting = !selectors.is_live.value || run.is_stored;
  return (
    <section class="changes" aria-labelledby="changes-title">
      <h2 id="changes-title">{t("change.title")}</h2>
      <p class="hint">{t("change.intro")}</p>
      {part && <CutControls part={part} onPart={actions.pickPart} />}
      <div class="changes-beside">
        <ChangeList />
        <BeforeAfter />
      </div>
      <h3>{t("change.sweep_title")}</h3>
      <p class="hint">{t("change.sweep_intro")}</p>
      <div class="sweep-buttons">
        <button type="button" disabled={is_waiting} onClick={() => actions.startSweep("heads")}>
          {t("change.sweep_heads")}
        </button>
        <button type="button" disabled={is_waiting} onClick={() => actions.startSweep("ribbons")}>
          {t("change.sweep_ribbons", { reader: nameOf(run.tokens.at(-1)?.label ?? "") })}
        </button>
      </div>
      <SweepOfRun run={run} />
    </section>
  );
}

/** @param {{run: import("../../state/types.js").Run}} props */
function SweepOfRun({ run }) {
  const { state, actions } = usePage();
  const sweep = state.sweep.value;
  if (!sweep || sweep.run.run_id !== run.run_id || sweep.kind === "rows") return null;
  const is_heads = sweep.kind === "heads";
  const last = run.tokens.length - 1;
  const columns = is_heads
    ? Array.from({ length: sweep.n_columns }, (_, head) => t("river.head", { head: ordinal(head) }))
    : run.tokens.map(({ label }) => nameOf(label));
  return (
    <SweepFigure
      sweep={sweep}
      title={t(is_heads ? "change.heads_figure" : "change.ribbons_figure", { answer: nameOf(sweep.label) })}
      columns={columns}
      column_axis={t(is_heads ? "change.heads" : "change.reads")}
      onChoose={(layer, column) =>
        is_heads
          ? actions.addChange({ kind: "head", layer, head: column })
          : actions.pickPart({ kind: "attention", layer, head: null, query: last, key: column })
      }
    />
  );
}

/**
 * What a reader may want to cut first: what adds most to the answer, in any block.
 * @param {import("../../state/river_state.js").River | null} river
 * @returns {import("../../state/changes_state.js").Part | null}
 */
function likelyPart(river) {
  if (!river) return null;
  const { layer, source } = strongestPlace(river.data) ?? { layer: 0, source: 0 };
  return { kind: "attention", layer, head: null, query: river.position, key: source };
}
