import { showShared } from "./address.js";
import { addressHoldsAll, addressOf, fileOf, readFile } from "./shared.js";

// A file that could be one of ours is smaller.
const LARGEST_BYTES = 4_000_000;

/**
 * Giving the state of the page to others: as an address, as a file.
 * @param {import("./state.js").State} state
 * @param {import("./address.js").Doing} actions
 */
export function createSharing(state, actions) {
  return {
    /** The whole address of what is on screen, and whether it holds all of it. */
    sharedAddress: () => ({
      address: `${location.href.replace(/#.*$/, "")}#${addressOf(state, true)}`,
      is_whole: addressHoldsAll(state),
    }),

    /** @returns {Blob} */
    stateFile: () => new Blob([fileOf(state)], { type: "application/json" }),

    /** Show what a file holds. @param {Blob} file @returns {Promise<boolean>} whether it is one of ours */
    async openStateFile(file) {
      const found = file.size > LARGEST_BYTES ? null : readFile(await file.text());
      if (!found) return false;
      showShared({ ...found.shared, panel: null }, state, actions);
      return true;
    },
  };
}
