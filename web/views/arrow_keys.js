/**
 * Let arrow keys move the focus among the buttons of a list, which is one stop for the Tab key.
 * @param {KeyboardEvent} event on the list
 */
export function moveAlong(event) {
  const list = /** @type {HTMLElement} */ (event.currentTarget);
  const buttons = Array.from(list.querySelectorAll("button"));
  const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  /** @type {Record<string, number>} */
  const targets = {
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const target = buttons[targets[event.key]];
  if (!target) return;
  event.preventDefault();
  target.focus();
}
