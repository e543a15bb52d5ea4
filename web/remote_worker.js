/** A worker whose calls always settle: when it dies, whatever waits for it fails. */
import * as Comlink from "comlink";
import { failure } from "./errors.js";

const PULSE_MS = 5000;
// A long forward pass answers no pulse either; only a silence well beyond that counts as death.
const SILENCE_MS = 60000;

export class RemoteWorker {
  /** @type {(error: import("./errors.js").Failure) => void} */
  #rejectAll = () => {};
  /** @type {Promise<never>} */
  #death = new Promise((_, reject) => {
    this.#rejectAll = reject;
  });
  #last_answer = performance.now();
  is_dead = false;

  /**
   * @param {Worker} worker
   * @param {(error: import("./errors.js").Failure) => void} onDeath not called for `end`
   */
  constructor(worker, onDeath) {
    this.worker = worker;
    this.remote = /** @type {any} */ (Comlink.wrap(worker));
    this.onDeath = onDeath;
    // Nobody may be waiting when it happens.
    this.#death.catch(() => {});
    this.pulse = setInterval(() => this.#feelPulse(), PULSE_MS);
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#die(event.message || "A worker stopped.");
    });
  }

  /**
   * Call a function of the worker; settles even when the worker does not live to answer.
   * @param {string} name @param {...unknown} given
   * @returns {Promise<any>}
   */
  call(name, ...given) {
    return Promise.race([this.remote[name](...given), this.#death]);
  }

  /** Stop the worker; its memory comes back. @param {import("./errors.js").Failure} reason what waiting calls get */
  end(reason) {
    if (this.is_dead) return;
    this.is_dead = true;
    clearInterval(this.pulse);
    this.worker.terminate();
    this.#rejectAll(reason);
  }

  /** @param {string} message */
  #die(message) {
    if (this.is_dead) return;
    const error = failure("worker_died", message);
    this.end(error);
    this.onDeath(error);
  }

  async #feelPulse() {
    // A page in the background is slowed down; its clock alone proves nothing.
    if (document.visibilityState === "hidden") this.#last_answer = performance.now();
    else if (performance.now() - this.#last_answer > SILENCE_MS) this.#die("A worker does not answer.");
    await this.remote.ping();
    this.#last_answer = performance.now();
  }
}
