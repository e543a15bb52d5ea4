/**
 * What is changed in a run by hand. Layers, heads and positions count from 0 here, as in Python.
 *
 * @typedef {"before" | "after"} When the softmax
 * @typedef {{kind: "cut", layer: number, head: number | null, query: number, key: number, when: When}} Cut
 *   attention taken away; head null: of all
 * @typedef {{kind: "head", layer: number, head: number}} HeadOff
 * @typedef {{kind: "mlp", layer: number}} MlpOff
 * @typedef {{kind: "row", layer: number, position: number, from_position: number, text: string}} RowPutIn
 *   the stream of another text, as it enters a block
 * @typedef {{head_scale?: [number, number, number][], mlp_scale?: [number, number][],
 *   attention_cuts?: {layer: number, head?: number | null, query: number, key: number, when?: When}[],
 *   patches?: {layer: number, position: number, run_id: number, from_position?: number}[]}} Asked
 *   the same as Python takes it (docs/seams.md, `run`)
 * @typedef {Cut | HeadOff | MlpOff | RowPutIn} Change
 */

/** A change by its content. @param {Change} change */
export const keyOf = (change) => JSON.stringify(Object.entries(change).sort());

/** @param {Change[]} changes @param {Change} change with what it takes the place of left out @returns {Change[]} */
export function withChange(changes, change) {
  const place = placeOf(change);
  return [...changes.filter((other) => placeOf(other) !== place), change];
}

/** Where a change is made: one place holds one. @param {Change} change */
function placeOf(change) {
  if (change.kind === "row") return `row ${change.layer} ${change.position}`;
  if (change.kind === "cut") return `cut ${change.layer} ${change.head} ${change.query} ${change.key}`;
  return keyOf(change);
}

/**
 * As Python takes them.
 * @param {Change[]} changes @param {Map<string, number>} run_ids of the texts that rows come from
 * @returns {Asked}
 */
export function toAsked(changes, run_ids) {
  return {
    head_scale: changes.flatMap((one) => (one.kind === "head" ? [[one.layer, one.head, 0]] : [])),
    mlp_scale: changes.flatMap((one) => (one.kind === "mlp" ? [[one.layer, 0]] : [])),
    attention_cuts: changes.flatMap((one) =>
      one.kind === "cut" ? [{ layer: one.layer, head: one.head, query: one.query, key: one.key, when: one.when }] : [],
    ),
    patches: changes.flatMap((one) => {
      const run_id = one.kind === "row" ? run_ids.get(one.text) : undefined;
      return one.kind === "row" && run_id !== undefined
        ? [{ layer: one.layer, position: one.position, run_id, from_position: one.from_position }]
        : [];
    }),
  };
}

/**
 * The reverse. Rows of texts that are not known are left out.
 * @param {Asked} asked @param {Map<number, string>} texts by run
 * @returns {Change[]}
 */
export function fromAsked({ head_scale = [], mlp_scale = [], attention_cuts = [], patches = [] }, texts) {
  return [
    ...head_scale.flatMap(([layer, head, scale]) =>
      scale === 0 ? [{ kind: /** @type {const} */ ("head"), layer, head }] : [],
    ),
    ...mlp_scale.flatMap(([layer, scale]) => (scale === 0 ? [{ kind: /** @type {const} */ ("mlp"), layer }] : [])),
    ...attention_cuts.map(({ head = null, when = "before", ...place }) => ({
      kind: /** @type {const} */ ("cut"),
      head,
      when,
      ...place,
    })),
    ...patches.flatMap(({ run_id, from_position, ...place }) => {
      const text = texts.get(run_id);
      const row = { kind: /** @type {const} */ ("row"), from_position: from_position ?? place.position, ...place };
      return text === undefined ? [] : [{ ...row, text }];
    }),
  ];
}

/** The last position that changes name; -1 where they name none. @param {Change[]} changes */
export const lastPlace = (changes) =>
  changes.reduce((last, one) => {
    if (one.kind === "cut") return Math.max(last, one.query);
    return one.kind === "row" ? Math.max(last, one.position) : last;
  }, -1);

/**
 * Whether changes can be made in a run: its tokens up to their last place are those they were made for.
 * @param {Change[]} changes @param {number[] | null} prefix those tokens; null: not known
 * @param {{token_ids: ArrayLike<number>}} run @param {{n_layer: number, n_head: number} | null} shape
 */
export function fits(changes, prefix, run, shape) {
  if (lastPlace(changes) >= run.token_ids.length) return false;
  if (prefix?.some((id, position) => run.token_ids[position] !== id)) return false;
  if (!shape) return true;
  return changes.every((one) => {
    const head = "head" in one ? (one.head ?? 0) : 0;
    return one.layer < shape.n_layer && head < shape.n_head;
  });
}
