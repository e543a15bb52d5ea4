import { useId } from "preact/hooks";
import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { exchangeable, patternDifference } from "../../layout/align.js";
import { BeforeAfterTable } from "../changes/before_after.jsx";
import { wholePoints } from "../changes/whole_points.js";
import { HeadChoice } from "../figures/head_choice.jsx";
import { Matrix } from "../figures/matrix.jsx";
import { usePage } from "../page_context.js";
import { nameOf } from "../river/names.js";
import { TokenLabel } from "../token_label.jsx";
import { SmallRiver } from "./small_river.jsx";
import { Transplant } from "./transplant.jsx";

// Texts that differ in one token of which the answer hangs.
const EXAMPLE = { text: "The capital of France is", other: "The capital of Italy is" };

/** Two texts side by side, and a river transplanted from the one to the other. */
export function Texts() {
  const { state, selectors, actions } = usePage();
  const id = useId();
  const run = state.run.value;
  const text = state.other_text.value;
  const compared = state.compared.value;
  const is_waiting = compared?.run !== run || compared?.other.text !== text;
  return (
    <section class="texts" aria-labelledby="texts-title">
      <h2 id="texts-title">{t("texts.title")}</h2>
      <p class="hint">{t("texts.intro")}</p>
      <div class="texts-field">
        <label for={id}>{t("texts.other")}</label>
        <input
          id={id}
          type="text"
          dir="auto"
          spellcheck={false}
          value={text}
          placeholder={EXAMPLE.other}
          disabled={!selectors.is_live.value}
          onInput={(event) => actions.setOtherText(event.currentTarget.value)}
        />
        <button
          type="button"
          class="quiet"
          disabled={!selectors.is_live.value}
          onClick={() => {
            actions.setText(EXAMPLE.text);
            actions.setOtherText(EXAMPLE.other);
          }}
        >
          {t("texts.example")}
        </button>
      </div>
      {compared && text !== "" && (
        <div aria-busy={is_waiting} class={is_waiting ? "stale" : ""}>
          <AlignedTokens compared={compared} />
          <Transplant key={compared.other.text} compared={compared} />
          <div class="texts-beside">
            <figure>
              <figcaption>{t("texts.river_of", { text: compared.run.text })}</figcaption>
              {state.river.value && <SmallRiver river={state.river.value} />}
            </figure>
            <figure>
              <figcaption>{t("texts.river_of", { text: compared.other.text })}</figcaption>
              <SmallRiver river={compared.river} />
            </figure>
          </div>
          <div class="texts-beside">
            <BeforeAfterTable
              caption={t("texts.answers")}
              names={[t("texts.this_text"), t("texts.that_text")]}
              rows={compared.rows}
              labels={compared.labels}
            />
            <PatternDifference compared={compared} />
          </div>
        </div>
      )}
    </section>
  );
}

/** @param {{compared: import("../../state/texts_state.js").Compared}} props */
function AlignedTokens({ compared: { run, other, pairs } }) {
  const rows = /** @type {const} */ ([
    ["first", run, "texts.this_text"],
    ["second", other, "texts.that_text"],
  ]);
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={t("texts.aligned")}>
      <table class="aligned">
        <caption class="visually-hidden">{t("texts.aligned")}</caption>
        <tbody>
          {rows.map(([side, of_run, words]) => (
            <tr key={side}>
              <th scope="row">{t(words)}</th>
              {pairs.map((pair, index) => {
                const position = pair[side];
                return (
                  <td key={index} class={pair.is_same ? "" : "differs"}>
                    {position === null ? "–" : <TokenLabel label={nameOf(of_run.tokens[position].label)} />}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** @param {{compared: import("../../state/texts_state.js").Compared}} props */
function PatternDifference({ compared }) {
  const { state } = usePage();
  const patterns = state.compared_patterns.value;
  const places = exchangeable(compared.pairs);
  if (patterns?.compared !== compared || places.length === 0) return null;
  const labels = places.map(([at, there]) => {
    const [name, other] = [nameOf(compared.run.tokens[at].label), nameOf(compared.other.tokens[there].label)];
    return name === other ? name : `${name}/${other}`;
  });
  return (
    <div>
      <HeadChoice />
      <Matrix
        title={t("texts.pattern", { block: ordinal(patterns.layer), head: ordinal(patterns.head) })}
        tensor={patternDifference(patterns.first, patterns.second, places)}
        row_labels={labels}
        column_labels={labels}
        row_axis={t("section_axis.query")}
        column_axis={t("section_axis.key")}
        limit={100}
        cellWords={wholePoints(state.language.value)}
      />
    </div>
  );
}
