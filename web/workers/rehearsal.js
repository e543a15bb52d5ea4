/** A short text run on one backend, beside the one that a visitor reads: what it answers, and how long a token takes. */

// Two programs that do the same sums in fp32 differ by rounding: by this much of the largest number of a tensor.
const SAME_ANSWER = 1e-3;

/**
 * @typedef {{token_ids: number[], n_decoded: number, tensor_names: string[]}} Plan
 *   the first tokens in one pass, the last `n_decoded` one after another, as when a text grows
 * @typedef {{parts: Float32Array[], milliseconds: number}} Rehearsed
 *   parts: what the first pass and the last token answered; milliseconds: a token's, at its best
 */

/**
 * @param {ReturnType<typeof import("./model_runner.js").createRunner>} runner one of its own: its cache is given up
 * @param {any} manifest @param {Plan} plan @param {() => number} [now]
 * @returns {Promise<Rehearsed>}
 */
export async function rehearse(runner, manifest, plan, now = () => performance.now()) {
  const { n_layer, n_head } = manifest.config;
  const { token_ids, n_decoded, tensor_names } = plan;
  /** @param {number} start @param {number} stop */
  const pass = (start, stop) =>
    runner.runParts({
      token_ids: BigInt64Array.from(token_ids.slice(start, stop), BigInt),
      past_length: start,
      unembed_rows: BigInt64Array.of(BigInt((n_layer + 1) * (stop - start) - 1)),
      head_scale: new Float32Array(n_layer * n_head).fill(1),
      tensor_names,
    });
  try {
    const first = token_ids.length - n_decoded;
    const read = await pass(0, first);
    let drawn = /** @type {Float32Array[]} */ ([]);
    let milliseconds = Infinity;
    for (let position = first; position < token_ids.length; position++) {
      const began = now();
      drawn = await pass(position, position + 1);
      milliseconds = Math.min(milliseconds, now() - began);
    }
    return { parts: [...read, ...drawn], milliseconds };
  } finally {
    runner.forget();
  }
}

/** Whether two backends answered the same, to rounding. @param {Float32Array[]} expected @param {Float32Array[]} actual */
export function isSameAnswer(expected, actual) {
  return expected.length === actual.length && expected.every((part, index) => isSamePart(part, actual[index]));
}

/** @param {Float32Array} expected @param {Float32Array} actual */
function isSamePart(expected, actual) {
  let largest = 1;
  for (const value of expected) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  const allowed = SAME_ANSWER * largest;
  // Hidden scores are minus infinity on both. What is not a number is the same as nothing.
  return (
    expected.length === actual.length &&
    expected.every((value, index) => value === actual[index] || Math.abs(value - actual[index]) <= allowed)
  );
}
