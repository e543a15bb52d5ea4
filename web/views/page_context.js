import { createContext } from "preact";
import { useContext } from "preact/hooks";

/**
 * What every view can reach.
 * @typedef {{state: import("../state/state.js").State, selectors: import("../state/selectors.js").Selectors,
 *   actions: import("../state/actions.js").Actions}} Page
 */

export const PageContext = createContext(/** @type {Page | null} */ (null));

/** @returns {Page} */
export function usePage() {
  const page = useContext(PageContext);
  if (!page) throw new Error("A view stands outside the page.");
  return page;
}
