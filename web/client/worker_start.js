/** How a worker of the page comes to be, whatever it does. */
import { arrive } from "../integrity/whole_fetch.js";
import { failure } from "../workers/errors.js";
import { RemoteWorker } from "./remote_worker.js";

/** All that a worker needs to start: an import that fails would not be tried again. @param {string} file */
export const fetchWorker = (file) =>
  arrive(file).catch(() => {
    throw failure("network", `${file} cannot be fetched. Check the connection and try again.`);
  });

/**
 * @param {string} file relative to the page's folder
 * @param {{base_url: string, site: import("../integrity/whole_fetch.js").Site | null}} page what it takes files by
 * @param {(error: import("../workers/errors.js").Failure) => void} onDeath
 */
export function startWorkerOf(file, { base_url, site }, onDeath) {
  const worker = new RemoteWorker(new Worker(new URL(file, base_url), { type: "module" }), onDeath);
  if (site) worker.call("takeSite", site, base_url).catch(() => {});
  return worker;
}
