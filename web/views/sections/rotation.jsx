import { useMemo, useState } from "preact/hooks";
import { formatShare, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { Formula } from "../figures/formula.jsx";
import { Matrix } from "../figures/matrix.jsx";
import { useTensorWords } from "../figures/use_tensor_words.js";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";
import { Dials } from "./dials.jsx";
import { DistanceCurve } from "./distance_curve.jsx";

/** @typedef {import("./section_props.js").SectionProps} SectionProps */

/** Query and key turned by their positions, pair by pair, and why only the distance counts. @param {SectionProps} props */
export function RotationSection({ section }) {
  const { data, position } = section;
  const [chosen, setChosen] = useState(/** @type {number | null} */ (null));
  const key = chosen !== null && chosen <= position ? chosen : mostRead(data.weights.data);
  const n_pairs = data.angles.shape[1];
  const d_head = 2 * n_pairs;
  const keys = useMemo(() => rowsOf(data.keys, key, d_head), [data, key]);
  const angles = (/** @type {number} */ of) => data.angles.data.subarray(of * n_pairs, (of + 1) * n_pairs);
  return (
    <>
      <Formula
        parts={[
          `y_i = x_i \\,\\cos\\theta_i - x_{i+${n_pairs}} \\,\\sin\\theta_i`,
          `y_{i+${n_pairs}} = x_{i+${n_pairs}} \\,\\cos\\theta_i + x_i \\,\\sin\\theta_i`,
        ]}
      />
      <Angles angles={data.angles} />
      <KeyChoice section={section} chosen={key} onChoose={setChosen} />
      <Turned section={section} keys={keys} row={key} />
      <div class="section-columns">
        <Dials
          title={t("section_rotation_query", {
            label: section.run.tokens[position].label,
            position: ordinal(position),
          })}
          role="query"
          before={data.query.before.data}
          after={data.query.after.data}
          angles={angles(position)}
          cellOf={(column) => ({ ...data.query.cells.after, column })}
        />
        <Dials
          title={t("section_rotation_key", { label: section.run.tokens[key].label, position: ordinal(key) })}
          role="key"
          before={keys.before}
          after={keys.after}
          angles={angles(key)}
          cellOf={(column) => ({ ...data.keys.cells.after, row: key, column })}
        />
      </div>
      <Distance section={section} row={key} />
    </>
  );
}

/** The angle of every pair at every position. @param {{angles: import("../../state/types.js").Tensor}} props */
function Angles({ angles }) {
  const language = usePage().state.language.value;
  const cosines = useMemo(() => ({ ...angles, data: angles.data.map(Math.cos) }), [angles]);
  const n_pairs = angles.shape[1];
  return (
    <Matrix
      title={t("section_rotation_angles")}
      note={<Prose words="section_rotation_angles_note" />}
      tensor={cosines}
      row_axis={t("section_axis.position")}
      column_axis={t("section_axis.pair")}
      limit={1}
      describe={({ row, column }, cosine) => {
        const angle = angles.data[row * n_pairs + column];
        return t("section_rotation_angle", {
          position: ordinal(row),
          pair: ordinal(column),
          angle: formatValue(angle, language),
          turns: formatValue(angle / (2 * Math.PI), language, 3),
          cosine: formatValue(cosine, language, 3),
        });
      }}
    />
  );
}

/** Which token's key is shown. @param {SectionProps & {chosen: number, onChoose: (key: number) => void}} props */
function KeyChoice({ section: { data, run }, chosen, onChoose }) {
  const language = usePage().state.language.value;
  return (
    <label class="key-choice">
      {t("section_rotation_with")}{" "}
      <select value={chosen} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {Array.from(/** @type {Float32Array} */ (data.weights.data), (weight, key) => (
          <option key={key} value={key}>
            {`${ordinal(key)} ${run.tokens[key].label} (${formatShare(weight, language)})`}
          </option>
        ))}
      </select>
    </label>
  );
}

/**
 * The query and the chosen key, before and after. @param {SectionProps & {keys: {before: Float32Array, after: Float32Array}, row: number}} props
 */
function Turned({ section: { data }, keys, row }) {
  const tensorWords = useTensorWords();
  /** @param {any} cell @param {Float32Array} values @param {string} role @param {string} [sign] */
  const line = (cell, values, role, sign) => ({
    label: tensorWords(cell.name),
    words: tensorWords(cell.name),
    values,
    role,
    sign,
    cellOf: (/** @type {number} */ column) => ({ ...cell, column }),
  });
  const { query } = data;
  return (
    <Vectors
      title={t("section_rotation_vectors")}
      rows={[
        line(query.cells.before, query.before.data, "query"),
        line(query.cells.after, query.after.data, "query", "↻"),
        line({ ...data.keys.cells.before, row }, keys.before, "key"),
        line({ ...data.keys.cells.after, row }, keys.after, "key", "↻"),
      ]}
      axis={t("section_axis.d_head")}
    />
  );
}

/** @param {SectionProps & {row: number}} props */
function Distance({ section: { data, run, position }, row }) {
  const language = usePage().state.language.value;
  const n_distances = data.by_distance.shape[1];
  const scores = useMemo(
    () => data.by_distance.data.subarray(row * n_distances, (row + 1) * n_distances),
    [data, row, n_distances],
  );
  const n = (/** @type {number} */ value) => formatValue(value, language);
  return (
    <DistanceCurve
      scores={scores}
      own={position - row}
      label={run.tokens[row].label}
      note={
        <Prose
          words="section_rotation_shift"
          values={{
            query: run.tokens[position].label,
            key: run.tokens[row].label,
            query_position: ordinal(position),
            key_position: ordinal(row),
            score: n(data.scores.data[row]),
            shift: data.shift,
            shifted: n(data.shifted_scores.data[row]),
          }}
        />
      }
    />
  );
}

/** @param {{before: import("../../state/types.js").Tensor, after: import("../../state/types.js").Tensor}} keys @param {number} row @param {number} width */
function rowsOf({ before, after }, row, width) {
  const of = (/** @type {import("../../state/types.js").Tensor} */ { data }) =>
    data.subarray(row * width, (row + 1) * width);
  return { before: of(before), after: of(after) };
}

/** The token that the query reads most, but for itself and the first, where heads rest. @param {Float32Array} weights by key */
function mostRead(weights) {
  const between = weights.subarray(1, -1);
  return between.length ? 1 + between.indexOf(Math.max(...between)) : 0;
}
