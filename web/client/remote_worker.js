/** A worker whose calls always settle: when it dies, whatever waits for it fails. */
import * as Comlink from "comlink";
import { failure } from "../workers/errors.js";
import { Waiting } from "../workers/waiting.js";

const PULSE_MS = 5000;
// A long forward pass answers no pulse either; only a silence well beyond that counts as death. Pulses are counted, not
// time: a laptop that slept for an hour has missed one.
const MOST_MISSED = 12;

export class RemoteWorker {
  #waiting = new Waiting();
  #missed = 0;
  is_dead = false;

  /**
   * @param {Worker} worker
   * @param {(error: import("../workers/errors.js").Failure) => void} onDeath not called for `end`
   */
  constructor(worker, onDeath) {
    this.worker = worker;
    this.remote = /** @type {any} */ (Comlink.wrap(worker));
    this.onDeath = onDeath;
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
    return this.#waiting.wait(() => this.remote[name](...given));
  }

  /** Stop the worker; its memory comes back. @param {import("../workers/errors.js").Failure} reason what waiting calls get */
  end(reason) {
    if (this.is_dead) return;
    this.is_dead = true;
    clearInterval(this.pulse);
    this.worker.terminate();
    this.#waiting.end(reason);
  }

  /** @param {string} message */
  #die(message) {
    if (this.is_dead) return;
    const error = failure("worker_died", message);
    this.end(error);
    this.onDeath(error);
  }

  #feelPulse() {
    // A page in the background is slowed down; silence then proves nothing.
    if (document.visibilityState === "hidden") this.#missed = 0;
    else if (++this.#missed > MOST_MISSED) return this.#die("A worker does not answer.");
    this.remote.ping().then(() => {
      this.#missed = 0;
    });
  }
}
