/**
 * The sum behind a cell as TeX, with its numbers put in. Only letters and numbers: nothing of a reader's text.
 *
 * @typedef {(value: number) => string} Numbers how a number is printed
 */
import { texNumber } from "../figures/tex_number.js";

/**
 * @param {string} name of the tensor @param {any} answer of `explain` @param {Numbers} number
 * @returns {string[]} parts between which a line may end
 */
export function formulaOf(name, answer, number) {
  const n = (/** @type {number} */ value) => texNumber(number(value));
  switch (answer.kind) {
    case "dot":
      return dotFormula(answer, n);
    case "sum": {
      const [first, second] = answer.parts.map((/** @type {{value: number}} */ part) => part.value);
      if (second === undefined) return ["r = a", `= ${n(first)}`];
      return chain("r = a + b", `${n(first)} + ${bracketed(n(second))}`, n(answer.value));
    }
    case "layer_norm":
      return chain(
        "y = \\frac{x - \\mu}{\\sqrt{\\sigma^2 + \\varepsilon}} \\cdot g + b",
        `\\frac{${n(answer.input)} - ${bracketed(n(answer.mean))}}{\\sqrt{${n(answer.variance)} + ${n(answer.epsilon)}}} \\cdot ${bracketed(n(answer.gain))} + ${bracketed(n(answer.bias))}`,
        n(answer.value),
      );
    case "rms_norm":
      return chain(
        "y = \\frac{x}{\\sqrt{r^2 + \\varepsilon}} \\cdot g",
        `\\frac{${n(answer.input)}}{\\sqrt{${n(answer.mean_square)} + ${n(answer.epsilon)}}} \\cdot ${bracketed(n(answer.gain))}`,
        n(answer.value),
      );
    case "rotation": {
      const [own, partner] = answer.parts;
      // The second of a pair adds what the first takes off.
      const is_second = Math.sign(partner.factor) === Math.sign(Math.sin(answer.angle)) && partner.factor !== 0;
      return chain(
        is_second ? "y = x \\,\\cos\\theta + p \\,\\sin\\theta" : "y = x \\,\\cos\\theta - p \\,\\sin\\theta",
        `${n(own.value)} \\cdot ${bracketed(n(own.factor))} + ${bracketed(n(partner.value))} \\cdot ${bracketed(n(partner.factor))}`,
        n(answer.value),
      );
    }
    case "gate":
      return chain(
        "h = \\mathrm{SiLU}(g) \\cdot u = \\frac{g}{1 + e^{-g}} \\cdot u",
        `\\frac{${n(answer.gate)}}{1 + e^{${n(-answer.gate)}}} \\cdot ${bracketed(n(answer.up))}`,
        n(answer.value),
      );
    case "softmax": {
      const score = answer.scores[answer.column];
      return chain(
        "w_j = \\frac{e^{s_j - m}}{\\sum_i e^{s_i - m}}",
        `\\frac{e^{${n(score)} - ${bracketed(n(answer.largest_score))}}}{${n(answer.denominator)}} = \\frac{${n(answer.numerators[answer.column])}}{${n(answer.denominator)}}`,
        n(answer.value),
      );
    }
    case "gelu":
      return chain(
        "g = \\tfrac{1}{2}\\, h \\left(1 + \\tanh\\!\\left(\\sqrt{\\tfrac{2}{\\pi}}\\,(h + 0.044715\\, h^3)\\right)\\right)",
        `\\mathrm{GELU}(${n(answer.input)})`,
        n(answer.value),
      );
    case "cut":
      return [answer.when === "before" ? "s_j = -\\infty" : "w_j \\cdot 0 = 0"];
    case "patched":
      return [`r = ${n(answer.value)}`];
    default:
      return [name === "attention_pattern" ? "w_j = \\frac{e^{-\\infty}}{\\sum_i e^{s_i - m}} = 0" : "s_j = -\\infty"];
  }
}

/** @param {any} answer @param {Numbers} n */
function dotFormula({ sum, bias, factor, factor_name, symbols, value, left }, n) {
  const [result, a, b] = symbols;
  const total = `\\textstyle\\sum_i ${a}_i ${b}_i`;
  if (factor_name === "attention") {
    return chain(
      `${result} = \\frac{${a} \\cdot ${b}}{\\sqrt{d}} = \\frac{\\sum_i ${a}_i ${b}_i}{\\sqrt{${left.length}}}`,
      `\\frac{${n(sum)}}{${n(Math.sqrt(left.length))}}`,
      n(value),
    );
  }
  if (factor != null && bias != null)
    return chain(
      `${result} = f \\cdot (${total} + \\beta)`,
      `${n(factor)} \\cdot (${n(sum)} + ${bracketed(n(bias))})`,
      n(value),
    );
  if (factor != null)
    return chain(`${result} = f \\cdot ${total}`, `${n(factor)} \\cdot ${bracketed(n(sum))}`, n(value));
  if (bias != null) return chain(`${result} = ${total} + \\beta`, `${n(sum)} + ${bracketed(n(bias))}`, n(value));
  return [`${result} = ${total}`, `= ${n(value)}`];
}

/** One part after the other, so that a line may end between them. @param {string} letters @param {string} numbers @param {string} result */
const chain = (letters, numbers, result) => [letters, `= ${numbers}`, `= ${result}`];

/** A negative number after a sign stands in brackets. @param {string} words */
const bracketed = (words) => (words.startsWith("-") ? `(${words})` : words);
