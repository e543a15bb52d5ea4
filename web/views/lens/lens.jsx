import { useRef, useState } from "preact/hooks";
import { formatNumber, formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { nextPlace } from "../../layout/grid.js";
import { lensColumns, rankShade } from "../../layout/lens.js";
import { CardSave } from "../card_save.jsx";
import { CardTitle } from "../card_title.jsx";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";
import { TokenLabel } from "../token_label.jsx";

// Darker, and the words on it could not be read.
const SHADE_MOST = 46;

/** What the model would predict after every block, for every token: a table whose cells are shaded. */
export function Lens() {
  const { state, selectors } = usePage();
  const [is_by_rank, setByRank] = useState(false);
  const section = useRef(/** @type {HTMLElement | null} */ (null));
  const lens = state.lens.value?.run === state.run.value ? state.lens.value : null;
  return (
    <section class="card lens" aria-labelledby="lens-title" ref={section}>
      <div class="card-head">
        <CardTitle id="lens-title" words={t("lens.title")} />
        <div class="figure-tools">
          <button type="button" class="quiet" onClick={() => setByRank(!is_by_rank)}>
            {t(is_by_rank ? "lens.by_probability" : "lens.by_rank")}
          </button>
          {lens && <CardSave numbers={() => numbersOf(lens, selectors.query.value)} />}
        </div>
      </div>
      <p class="card-intro">
        <Prose words={is_by_rank ? "lens.intro_rank" : "lens.intro"} />
      </p>
      {lens ? (
        <LensTable lens={lens} is_by_rank={is_by_rank} query={selectors.query.value} />
      ) : (
        <p class="hint">{t(selectors.is_live.value ? "lens.waiting" : "lens.needs_live")}</p>
      )}
    </section>
  );
}

/**
 * Three lines for each layer: the likeliest token, its probability, the rank of the final answer.
 * @param {import("../../state/figures_state.js").Lens} lens @param {number} query @returns {import("../../layout/figure_numbers.js").NumbersTable}
 */
function numbersOf(lens, query) {
  const { tokens } = lens.run;
  const columns = lensColumns(tokens.length, query);
  const name = (/** @type {number} */ layer) => (layer === 0 ? t("lens.embedding") : t("lens.block", { block: layer }));
  const rows = Array.from({ length: lens.n_layer + 1 }, (_, layer) => [
    {
      label: `${name(layer)}, ${t("lens.likeliest")}`,
      cells: columns.map((position) => lens.columns.get(position)?.labels[layer]),
    },
    {
      label: `${name(layer)}, ${t("lens.probability")}`,
      cells: columns.map((position) => lens.columns.get(position)?.probabilities[layer]),
    },
    {
      label: `${name(layer)}, ${t("lens.final_rank")}`,
      cells: columns.map((position) => lens.columns.get(position)?.final_ranks[layer]),
    },
  ]).flat();
  return {
    title: t("lens.title"),
    corner: t("lens.corner"),
    columns: columns.map((position) => tokens[position].label),
    rows,
  };
}

/** @param {{lens: import("../../state/figures_state.js").Lens, is_by_rank: boolean, query: number}} props */
function LensTable({ lens, is_by_rank, query }) {
  const { state, actions } = usePage();
  const language = state.language.value;
  const { tokens } = lens.run;
  const columns = lensColumns(tokens.length, query);
  const layers = Array.from({ length: lens.n_layer + 1 }, (_, layer) => layer);

  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const button = /** @type {HTMLElement} */ (event.target);
    const [row, column] = (button.dataset.at ?? "").split(" ").map(Number);
    const place = nextPlace({ row, column }, event.key, { n_rows: layers.length, n_columns: columns.length });
    const table = /** @type {HTMLElement} */ (event.currentTarget);
    const next =
      place && /** @type {HTMLElement | null} */ (table.querySelector(`[data-at="${place.row} ${place.column}"]`));
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <div class="table-scroll lens-scroll">
      <table class="lens-table" onKeyDown={onKeyDown}>
        <caption class="visually-hidden">{t("lens.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("lens.corner")}</th>
            {columns.map((position) => (
              <th key={position} scope="col" class={position === query ? "chosen" : ""}>
                <TokenLabel label={tokens[position].label} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {layers.map((layer) => (
            <tr key={layer}>
              <th scope="row">
                {layer === 0 ? t("lens.embedding") : t("lens.block", { block: formatNumber(layer, language) })}
              </th>
              {columns.map((position, index) => {
                const column = lens.columns.get(position);
                if (!column)
                  return (
                    <td key={position}>
                      <span class="lens-cell" />
                    </td>
                  );
                const [label, probability, rank] = [
                  column.labels[layer],
                  column.probabilities[layer],
                  column.final_ranks[layer],
                ];
                const shade = is_by_rank ? rankShade(rank) : probability;
                const words = t("lens.cell", {
                  label,
                  share: formatShare(probability, language),
                  rank: formatNumber(rank, language),
                });
                return (
                  <td key={position}>
                    <button
                      type="button"
                      data-at={`${layer} ${index}`}
                      class="lens-cell"
                      style={{ "--shade": `${Math.round(shade * SHADE_MOST)}%` }}
                      title={words}
                      tabIndex={position === query && layer === lens.n_layer ? 0 : -1}
                      onClick={() => {
                        if (layer > 0) actions.selectLayer(layer - 1);
                        if (position !== query) actions.selectQuery(position);
                      }}
                    >
                      <bdi>{label}</bdi>
                      <span class="lens-number">
                        {is_by_rank ? formatNumber(rank, language) : formatShare(probability, language)}
                      </span>
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        {columns.length < tokens.length && (
          <tfoot>
            <tr>
              <td colSpan={columns.length + 1}>
                {t("lens.part", {
                  from: ordinal(columns[0]),
                  to: ordinal(columns[columns.length - 1]),
                  count: tokens.length,
                })}
              </td>
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
