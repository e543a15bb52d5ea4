import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { barLengths } from "../../layout/bars.js";
import { useTensorWords } from "../figures/use_tensor_words.js";
import { Vectors } from "../figures/vectors.jsx";
import { usePage } from "../page_context.js";
import { cellOfTerm } from "./cell_of_term.js";
import { useNumbers } from "./use_numbers.js";

/** Colour of what stands on the left of a product. @type {Record<string, string>} */
const ROLES = {
  query: "query",
  key: "key",
  query_pre_rotation: "query",
  key_pre_rotation: "key",
  value: "value",
  attention_pattern: "attention",
  head_output: "value",
  mlp_post: "mlp",
};

/**
 * A dot product: both vectors and their products, the largest terms in order, the rest as one, and the total.
 * @param {{shown: import("../../state/sections_state.js").Explained, total: string}} props
 */
export function DotTerms({ shown, total }) {
  const { actions } = usePage();
  const numbers = useNumbers();
  const tensorWords = useTensorWords();
  const { answer, run } = shown;
  const is_of_keys = answer.left_name === "attention_pattern";
  const nameOf = (/** @type {string} */ name) => (name.includes(".") ? t("arithmetic_weights") : tensorWords(name));
  const part = (/** @type {number} */ index) =>
    is_of_keys ? `${ordinal(index)} ${run.tokens[index].label}` : String(ordinal(index));
  const longest = barLengths(answer.largest.map((/** @type {{product: number}} */ { product }) => Math.abs(product)));
  const [source, other] = [cellOfTerm(answer.left_cells), cellOfTerm(answer.right_cells)];
  const rows = [
    {
      label: nameOf(answer.left_name),
      words: nameOf(answer.left_name),
      values: answer.left,
      role: ROLES[answer.left_name],
      cellOf: source,
    },
    {
      label: nameOf(answer.right_name),
      words: nameOf(answer.right_name),
      values: answer.right,
      role: ROLES[answer.right_name],
      sign: "×",
      cellOf: other,
    },
    { label: t("arithmetic_products"), words: t("arithmetic_products"), values: answer.products, sign: "=" },
  ];
  return (
    <>
      <Vectors
        title={t("arithmetic_vectors")}
        rows={rows}
        axis={t(is_of_keys ? "section_axis.key" : "section_axis.index")}
      />
      <table class="terms">
        <caption class="visually-hidden">{t("arithmetic_terms")}</caption>
        <thead>
          <tr>
            <th scope="col">{t(is_of_keys ? "section_axis.key" : "section_axis.index")}</th>
            <th scope="col">{nameOf(answer.left_name)}</th>
            <th scope="col">{nameOf(answer.right_name)}</th>
            <th scope="col">{t("arithmetic_product")}</th>
            <td class="terms-bar" />
          </tr>
        </thead>
        <tbody>
          {answer.largest.map(
            (
              /** @type {{index: number, left: number, right: number, product: number}} */ term,
              /** @type {number} */ rank,
            ) => (
              <tr key={rank}>
                <th scope="row">
                  {source ? (
                    <button type="button" class="quiet term" onClick={() => actions.explainCell(source(term.index))}>
                      <bdi>{part(term.index)}</bdi>
                    </button>
                  ) : (
                    <bdi>{part(term.index)}</bdi>
                  )}
                </th>
                <td>{numbers(term.left)}</td>
                <td>{numbers(term.right)}</td>
                <td>{numbers(term.product)}</td>
                <td class="terms-bar">
                  <span
                    class={term.product < 0 ? "term-bar term-bar-negative" : "term-bar"}
                    style={{ transform: `scaleX(${longest[rank]})` }}
                  />
                </td>
              </tr>
            ),
          )}
          {answer.rest_count > 0 && (
            <Line words={t("arithmetic_rest", { count: answer.rest_count })} value={numbers(answer.rest_sum)} />
          )}
          {answer.bias != null && <Line words={t("arithmetic_bias")} value={numbers(answer.bias)} />}
          {answer.factor != null && <Line words={t("arithmetic_factor")} value={`× ${numbers(answer.factor)}`} />}
        </tbody>
        <tfoot>
          <Line words={t("arithmetic_total")} value={total} />
        </tfoot>
      </table>
    </>
  );
}

/** @param {{words: string, value: string}} props */
function Line({ words, value }) {
  return (
    <tr>
      <th scope="row" colSpan={3}>
        {words}
      </th>
      <td>{value}</td>
      <td class="terms-bar" />
    </tr>
  );
}
