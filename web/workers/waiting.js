/**
 * Calls that must settle even when whoever should answer is gone. (`Promise.race` with one long-lived promise would do
 * that too, but the promise then holds every answer there ever was.)
 */
export class Waiting {
  /** @type {Set<(reason: import("./errors.js").Failure) => void>} */
  #rejects = new Set();
  /** @type {import("./errors.js").Failure | null} */
  #end = null;

  /** The answer, or the reason why none will come. @template T @param {() => Promise<T>} ask @returns {Promise<T>} */
  wait(ask) {
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      this.#rejects.add(reject);
      ask()
        .then(resolve, reject)
        .finally(() => this.#rejects.delete(reject));
    });
  }

  /** Fail what waits and what is asked from now on. The first reason holds. @param {import("./errors.js").Failure} reason */
  end(reason) {
    this.#end ??= reason;
    for (const reject of this.#rejects) reject(this.#end);
    this.#rejects.clear();
  }
}
