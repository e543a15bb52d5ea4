import { useMemo, useRef, useState } from "preact/hooks";
import { formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { orderHeads } from "../../layout/head_grid.js";
import { CardTitle } from "../card_title.jsx";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";
import { HeadSheet } from "./head_sheet.jsx";
import { HeadSave, HeadTable } from "./head_table.jsx";

/** Every head of every block at once. */
export function HeadGrid() {
  const { state } = usePage();
  const [mark, setMark] = useState(-1);
  const [is_sorted, setSorted] = useState(false);
  const [is_table, setTable] = useState(false);
  const section = useRef(/** @type {HTMLElement | null} */ (null));
  const { run } = state;
  const patterns = state.thumbnails.value;
  const marks = state.head_marks.value?.run === run.value ? state.head_marks.value : null;
  const shape = state.model_shape.value;
  const scores = useMemo(() => (marks && mark >= 0 ? scoresOf(marks.scores, mark) : null), [marks, mark]);
  const heads = useMemo(
    () => (shape ? orderHeads(shape.n_layer, shape.n_head, is_sorted ? scores : null) : []),
    [shape, is_sorted, scores],
  );
  const has_pairs = !scores || scores.some((score) => !Number.isNaN(score));
  return (
    <section class="card head-grid" data-tour="heads" aria-labelledby="heads-title" ref={section}>
      <div class="card-head">
        <CardTitle id="heads-title" words={t("heads.title")} />
        <div class="figure-tools">
          <button type="button" class="quiet" onClick={() => setTable(!is_table)}>
            {t(is_table ? "attention.as_figure" : "attention.as_table")}
          </button>
          {marks && <HeadSave marks={marks} />}
        </div>
      </div>
      <p class="card-intro">
        <Prose words="heads.intro" />
      </p>
      {marks && (
        <fieldset class="head-marks">
          <legend class="visually-hidden">{t("heads.mark")}</legend>
          {["none", ...marks.marks].map((name, index) => (
            <label key={name}>
              <input type="radio" name="head-mark" checked={mark === index - 1} onChange={() => setMark(index - 1)} />
              {t(`heads.marks.${name}`)}
            </label>
          ))}
          <label class="head-sort">
            <input type="checkbox" checked={is_sorted} disabled={!scores} onChange={() => setSorted(!is_sorted)} />
            {t("heads.sort")}
          </label>
        </fieldset>
      )}
      <p class="hint">
        {marks && mark >= 0 ? (
          <Prose words={`heads.definitions.${marks.marks[mark]}`} values={{ count: marks.counts[mark] }} />
        ) : (
          t("heads.definitions.none")
        )}
        {!has_pairs && ` ${t("heads.no_pairs")}`}
      </p>
      {shape && shape.n_kv_head < shape.n_head && (
        <p class="hint">
          <Prose words="heads.groups" values={{ size: shape.n_head / shape.n_kv_head }} />
        </p>
      )}
      {is_table
        ? marks && <HeadTable marks={marks} />
        : patterns &&
          patterns.run === run.value &&
          shape && (
            <HeadSheet
              heads={heads}
              columns={shape.n_head}
              group={shape.n_kv_head < shape.n_head ? shape.n_head / shape.n_kv_head : shape.n_head}
              thumbnails={patterns.layers}
              scores={scores}
              is_sorted={is_sorted && scores !== null}
              describe={({ layer, head }) => {
                const name = t("heads.head_name", { block: ordinal(layer), head: ordinal(head) });
                const score = scores?.[layer * shape.n_head + head];
                return score === undefined || Number.isNaN(score)
                  ? name
                  : `${name}: ${formatShare(score, state.language.value)}`;
              }}
            />
          )}
    </section>
  );
}

/** One mark of every head. @param {import("../../state/types.js").Tensor} scores [layer, head, mark] @param {number} mark */
function scoresOf({ data, shape }, mark) {
  const n_marks = shape[2];
  return Float32Array.from({ length: data.length / n_marks }, (_, index) => data[index * n_marks + mark]);
}
