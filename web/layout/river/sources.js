/**
 * What a row takes from each source, block by block: heads summed.
 *
 * @typedef {import("./types.js").RiverData} RiverData
 */

/** How many sources the row has: itself and all before it. @param {RiverData} river */
export const nSources = ({ position }) => position + 1;

/**
 * Heads of a block summed. @param {RiverData} river @param {number} layer @param {"share" | "push"} name
 * @returns {Float64Array} [source]
 */
export function ofAllHeads(river, layer, name) {
  const n_sources = nSources(river);
  const sum = new Float64Array(n_sources);
  for (let head = 0; head < river.n_head; head++) {
    const start = (layer * river.n_head + head) * n_sources;
    for (let source = 0; source < n_sources; source++) sum[source] += river[name][start + source];
  }
  return sum;
}

/**
 * Sources of a block summed. @param {RiverData} river @param {number} layer @param {"share" | "push"} name
 * @returns {Float64Array} [head]
 */
export function ofAllSources(river, layer, name) {
  const n_sources = nSources(river);
  const sum = new Float64Array(river.n_head);
  for (let head = 0; head < river.n_head; head++) {
    const start = (layer * river.n_head + head) * n_sources;
    for (let source = 0; source < n_sources; source++) sum[head] += river[name][start + source];
  }
  return sum;
}

/**
 * How much of a row comes from each source at most, in any block; what a row makes of itself does not count.
 * @param {RiverData} river @returns {Float64Array} [source]
 */
export function largestShares(river) {
  const largest = new Float64Array(nSources(river));
  for (let layer = 0; layer < river.n_layer; layer++) {
    ofAllHeads(river, layer, "share").forEach((share, source) => {
      largest[source] = Math.max(largest[source], Math.abs(share));
    });
  }
  return largest;
}

/**
 * The place that adds most to the answer's lead: the ribbon that is named on the picture.
 * @param {RiverData} river
 * @returns {{layer: number, source: number, head: number, push: number, share: number} | null} null where nothing adds
 */
export function strongestPlace(river) {
  /** @type {{layer: number, source: number, head: number, push: number, share: number} | null} */
  let best = null;
  for (let layer = 0; layer < river.n_layer; layer++) {
    const pushes = ofAllHeads(river, layer, "push");
    const shares = ofAllHeads(river, layer, "share");
    pushes.forEach((push, source) => {
      // What a row reads from itself is no news from elsewhere.
      if (source === river.position || shares[source] <= 0 || push <= (best?.push ?? 0)) return;
      best = { layer, source, head: strongestHead(river, layer, source), push, share: shares[source] };
    });
  }
  return best;
}

/**
 * The head of a block that adds most, from one source or from all. @param {RiverData} river @param {number} layer
 * @param {number} [source]
 */
export function strongestHead(river, layer, source) {
  const n_sources = nSources(river);
  const all = ofAllSources(river, layer, "push");
  let best = 0;
  let most = -Infinity;
  for (let head = 0; head < river.n_head; head++) {
    const push = source === undefined ? all[head] : river.push[(layer * river.n_head + head) * n_sources + source];
    if (push > most) [best, most] = [head, push];
  }
  return best;
}

/** The largest push of a source or an MLP in any block; full colour stands for it. @param {RiverData} river */
export function largestPush(river) {
  let largest = 0;
  for (let layer = 0; layer < river.n_layer; layer++) {
    largest = Math.max(largest, river.mlp_push[layer], ...ofAllHeads(river, layer, "push"));
  }
  return largest;
}
