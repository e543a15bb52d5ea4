/**
 * Run one call at a time. While it is under way only the newest request waits; those it overtakes answer undefined.
 * Replies come in the order of the requests, so an older one never overwrites a newer one.
 *
 * @template {unknown[]} Args @template Result
 * @param {(...args: Args) => Promise<Result>} call
 * @returns {(...args: Args) => Promise<Result | undefined>}
 */
export function latestOnly(call) {
  let newest = 0;
  /** @type {Promise<unknown>} */
  let under_way = Promise.resolve();
  return async (...args) => {
    const request = ++newest;
    await under_way;
    if (request !== newest) return undefined;
    const reply = call(...args);
    under_way = reply.catch(() => undefined);
    return reply;
  };
}
