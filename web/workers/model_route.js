/**
 * Where a model is computed, as Python sees it: a worker's port. It may change between two passes, when the graphics card
 * takes over, or in the middle of one, when the card is lost; what was asked is then asked again at the new place.
 */
import * as Comlink from "comlink";
import { failure, toFailure } from "./errors.js";
import { Waiting } from "./waiting.js";

// Says that the place is gone, not that what was asked is wrong.
const GONE = "device_lost";

export class ModelRoute {
  #end = new Waiting();
  #place = newPlace();

  /** @param {MessagePort} port */
  constructor(port) {
    this.moveTo(port);
  }

  /** From here on ask another worker. @param {MessagePort} port */
  moveTo(port) {
    const left = this.#place;
    this.#place = newPlace(/** @type {any} */ (Comlink.wrap(port)));
    left.waiting.end(failure(GONE, "The model is computed elsewhere."));
    left.leave();
  }

  /** Fail what is asked now and from now on. @param {import("./errors.js").Failure} reason */
  end(reason) {
    this.#end.end(reason);
  }

  /** @param {"run" | "read_weights"} method @param {...unknown} given @returns {Promise<any>} */
  ask(method, ...given) {
    return this.#end.wait(async () => {
      for (;;) {
        const place = this.#place;
        try {
          return await place.waiting.wait(() => place.remote[method](...given));
        } catch (thrown) {
          if (toFailure(thrown).code !== GONE) throw thrown;
          // Whoever noticed starts the model elsewhere, or ends the route.
          await place.left;
        }
      }
    });
  }
}

/** @param {any} remote */
function newPlace(remote = null) {
  let leave = () => {};
  /** @type {Promise<void>} */
  const left = new Promise((resolve) => {
    leave = resolve;
  });
  return { remote, waiting: new Waiting(), left, leave };
}
