import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { barLengths } from "../../layout/bars.js";
import { useTensorWords } from "../figures/use_tensor_words.js";
import { usePage } from "../page_context.js";
import { cellOfTerm } from "./cell_of_term.js";
import { useNumbers } from "./use_numbers.js";

/** @typedef {import("../../state/exploring.js").ExplainedCell} Cell */

// The largest numerators; the others are in the figure of the scores.
const LISTED = 8;

/** What a sum that is no dot product is made of. @param {{shown: import("../../state/sections_state.js").Explained}} props */
export function OtherTerms({ shown }) {
  const { answer } = shown;
  if (answer.kind === "sum") return <Parts shown={shown} />;
  if (answer.kind === "softmax") return <Numerators shown={shown} />;
  if (answer.kind === "masked") return <p>{t("arithmetic_masked")}</p>;
  if (answer.kind === "cut") return <p>{t(`arithmetic_cut_${answer.when}`)}</p>;
  if (answer.kind === "patched") return <p>{t("arithmetic_patched")}</p>;
  if (answer.kind === "gelu") return <Inputs shown={shown} names={["input"]} />;
  if (answer.kind === "rotation") return <Turned shown={shown} />;
  if (answer.kind === "gate") return <Inputs shown={shown} names={["gate", "up"]} />;
  if (answer.kind === "rms_norm") return <Inputs shown={shown} names={["input", "mean_square", "epsilon", "gain"]} />;
  return <Inputs shown={shown} names={["input", "mean", "variance", "epsilon", "gain", "bias"]} />;
}

/** A number and its partner, each times its factor, and the angle. @param {{shown: import("../../state/sections_state.js").Explained}} props */
function Turned({ shown: { answer, cell } }) {
  const { actions } = usePage();
  const numbers = useNumbers();
  return (
    <dl class="arithmetic-parts">
      {answer.parts.map(
        (
          /** @type {{name: string, value: number, factor: number, cell: Cell}} */ { name, value, factor, cell: of },
        ) => (
          <div key={name}>
            <dt>
              <button type="button" class="quiet term" onClick={() => actions.explainCell(of)}>
                {t(`arithmetic_turned.${name}`, { index: ordinal(of.column) })}
              </button>
            </dt>
            <dd>{`${numbers(value)} × ${numbers(factor)}`}</dd>
          </div>
        ),
      )}
      <div>
        <dt>{t("arithmetic_angle", { position: ordinal(cell.row) })}</dt>
        <dd>{`${cell.row} × ${numbers(answer.frequency)} = ${numbers(answer.angle)}`}</dd>
      </div>
    </dl>
  );
}

/** The two things that are added; each leads to its own sum where it has one. @param {{shown: import("../../state/sections_state.js").Explained}} props */
function Parts({ shown: { answer } }) {
  const { actions } = usePage();
  const tensorWords = useTensorWords();
  const numbers = useNumbers();
  return (
    <dl class="arithmetic-parts">
      {answer.parts.map((/** @type {{name: string, value: number, cell: Cell | null}} */ { name, value, cell }) => (
        <div key={name}>
          <dt>
            {cell ? (
              <button type="button" class="quiet term" onClick={() => actions.explainCell(cell)}>
                {tensorWords(name)}
              </button>
            ) : (
              tensorWords(name)
            )}
          </dt>
          <dd>{numbers(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The numbers a formula takes. @param {{shown: import("../../state/sections_state.js").Explained, names: string[]}} props */
function Inputs({ shown: { answer }, names }) {
  const { actions } = usePage();
  const tensorWords = useTensorWords();
  const numbers = useNumbers();
  return (
    <dl class="arithmetic-parts">
      {names.map((name) => (
        <div key={name}>
          <dt>
            {answer[`${name}_cell`] ? (
              <button type="button" class="quiet term" onClick={() => actions.explainCell(answer[`${name}_cell`])}>
                {tensorWords(answer[`${name}_cell`].name)}
              </button>
            ) : (
              t(`arithmetic_part.${name}`)
            )}
          </dt>
          <dd>{numbers(answer[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A row of the softmax: the score of each key, e to its power, the weight. @param {{shown: import("../../state/sections_state.js").Explained}} props */
function Numerators({ shown: { answer, cell, run } }) {
  const { actions } = usePage();
  const numbers = useNumbers();
  const cellOf = /** @type {NonNullable<ReturnType<typeof cellOfTerm>>} */ (cellOfTerm(answer.score_cells));
  const keys = Array.from(/** @type {Float32Array} */ (answer.numerators), (numerator, key) => ({ key, numerator }))
    .sort((a, b) => b.numerator - a.numerator)
    .slice(0, LISTED);
  if (!keys.some(({ key }) => key === cell.column))
    keys.push({ key: cell.column, numerator: answer.numerators[cell.column] });
  const lengths = barLengths(keys.map(({ numerator }) => numerator));
  const n_rest = answer.numerators.length - keys.length;
  return (
    <table class="terms">
      <caption class="visually-hidden">{t("arithmetic_numerators")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("section_axis.key")}</th>
          <th scope="col">{t("arithmetic_score")}</th>
          <th scope="col">{t("arithmetic_numerator")}</th>
          <td class="terms-bar" />
        </tr>
      </thead>
      <tbody>
        {keys.map(({ key, numerator }, rank) => (
          <tr key={key} class={key === cell.column ? "term-chosen" : ""}>
            <th scope="row">
              <button type="button" class="quiet term" onClick={() => actions.explainCell(cellOf(key))}>
                <bdi>{`${ordinal(key)} ${run.tokens[key].label}`}</bdi>
              </button>
            </th>
            <td>{numbers(answer.scores[key])}</td>
            <td>{numbers(numerator)}</td>
            <td class="terms-bar">
              <span class="term-bar" style={{ transform: `scaleX(${lengths[rank]})` }} />
            </td>
          </tr>
        ))}
        {n_rest > 0 && (
          <tr>
            <th scope="row" colSpan={4}>
              {t("arithmetic_more_keys", { count: n_rest })}
            </th>
          </tr>
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            {t("arithmetic_denominator")}
          </th>
          <td>{numbers(answer.denominator)}</td>
          <td class="terms-bar" />
        </tr>
      </tfoot>
    </table>
  );
}
