/**
 * Arrow keys, Home and End in a list of blocks: they choose, as in every other list of the flow, and the focus follows.
 * @param {KeyboardEvent} event on the list @param {number} layer the chosen one @param {number} n_layer
 * @param {(layer: number) => void} select
 */
export function stepBlocks(event, layer, n_layer, select) {
  /** @type {Record<string, number>} */
  const targets = {
    ArrowUp: layer - 1,
    ArrowLeft: layer - 1,
    ArrowDown: layer + 1,
    ArrowRight: layer + 1,
    Home: 0,
    End: n_layer - 1,
  };
  const target = targets[event.key];
  if (target === undefined || target < 0 || target >= n_layer) return;
  event.preventDefault();
  select(target);
  const buttons = /** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("button");
  buttons[target]?.focus();
}
