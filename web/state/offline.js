import { emptyAll, keepPart, whatIsKept } from "../keeping.js";
import { toProblem } from "./problems.js";

/**
 * Whether the page is ready for a time without a network, and making it so.
 * @param {import("./state.js").State} state @param {import("./loading.js").Host} host
 * @param {string} base_url folder of the page
 */
export function createOffline(state, host, base_url) {
  /** @param {Partial<import("./types.js").Offline>} changes */
  const update = (changes) => {
    state.offline.value = { ...state.offline.value, ...changes };
  };

  async function checkOffline() {
    const models = await host.models().catch(() => []);
    const threads = models.find(({ is_loaded }) => is_loaded)?.threads ?? null;
    update({ threads, kept: await whatIsKept(base_url, models) });
  }

  /** @param {string} name @param {() => Promise<unknown>} change */
  async function doing(name, change) {
    if (state.offline.value.busy) return;
    update({ busy: name, problem: null });
    try {
      await change();
    } catch (error) {
      update({ problem: toProblem(error) });
    }
    update({ busy: null });
    await checkOffline();
  }

  return {
    checkOffline,
    /** @param {string} name */
    keepForOffline: (name) => doing(name, () => keepPart(name, base_url, checkOffline)),
    emptyAll: () => doing("all", () => emptyAll(base_url)),
  };
}
