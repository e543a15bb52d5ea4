import { useState } from "preact/hooks";
import { formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { exchangeable } from "../../layout/align.js";
import { ChangeList } from "../changes/change_list.jsx";
import { Choice } from "../changes/choice.jsx";
import { SweepFigure } from "../changes/sweep_figure.jsx";
import { usePage } from "../page_context.js";
import { nameOf } from "../river/names.js";

/**
 * The other text's stream, put in at a place; and a map of what each place would do.
 * @param {{compared: import("../../state/texts_state.js").Compared}} props
 */
export function Transplant({ compared }) {
  const { state, actions } = usePage();
  const { run, other, pairs, answer } = compared;
  const language = state.language.value;
  const places = exchangeable(pairs);
  const n_layer = state.model_shape.value?.n_layer ?? 1;
  const first_new = Math.max(
    0,
    places.findIndex(([at, there]) => run.token_ids[at] !== other.token_ids[there]),
  );
  const [chosen, setChosen] = useState(/** @type {{layer: number, place: number} | null} */ (null));
  const layer = Math.min(chosen?.layer ?? Math.floor(n_layer / 2), n_layer - 1);
  const place = Math.min(chosen?.place ?? first_new, places.length - 1);
  const sweep = state.sweep.value;
  const map = sweep?.kind === "rows" && sweep.run.run_id === run.run_id ? sweep : null;
  const tokens = (/** @type {number} */ at, /** @type {number} */ there) => {
    const [name, other_name] = [nameOf(run.tokens[at].label), nameOf(other.tokens[there].label)];
    return name === other_name ? name : `${other_name} → ${name}`;
  };
  /** @param {number} of_layer @param {number} index */
  const putIn = (of_layer, index) => {
    const [position, from_position] = places[index];
    actions.addChange({ kind: "row", layer: of_layer, position, from_position, text: other.text });
  };
  if (places.length === 0) return null;
  return (
    <>
      <h3>{t("texts.transplant")}</h3>
      <p class="hint">{t("texts.transplant_intro")}</p>
      <div class="cut-controls">
        <Choice
          words={t("texts.place")}
          value={place}
          options={places.map(([at, there], index) => ({
            value: index,
            words: t("change.token", { position: ordinal(at), label: tokens(at, there) }),
          }))}
          onChoose={(index) => setChosen({ layer, place: index })}
        />
        <Choice
          words={t("texts.entering")}
          value={layer}
          options={Array.from({ length: n_layer }, (_, index) => ({ value: index, words: String(ordinal(index)) }))}
          onChoose={(index) => setChosen({ layer: index, place })}
        />
        <button type="button" onClick={() => putIn(layer, place)}>
          {t("texts.put_in")}
        </button>
        <button type="button" onClick={() => actions.startMap({ other_id: other.run_id, pairs: places, answer })}>
          {t("texts.map")}
        </button>
      </div>
      {state.changes.value.list.length > 0 && <ChangeList />}
      <p>
        {t("texts.other_answer", {
          answer: nameOf(answer.label),
          other: formatShare(answer.other, language),
          here: formatShare(answer.own, language),
        })}
      </p>
      {map && (
        <SweepFigure
          sweep={map}
          title={t("texts.map_figure", { answer: nameOf(map.label) })}
          columns={map.pairs.map(([at, there]) => tokens(at, there))}
          column_axis={t("texts.place")}
          onChoose={putIn}
        />
      )}
    </>
  );
}
