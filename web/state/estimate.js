// Too early an estimate jumps about.
const SETTLING_MS = 1500;

/** Time left of downloads, from the bytes since each was first heard of. */
export function createEstimate() {
  /** @type {Map<string, {bytes: number, ms: number}>} */
  const starts = new Map();
  return {
    /** @param {string} name */
    forget: (name) => void starts.delete(name),

    /**
     * @param {string} name @param {number} loaded_bytes @param {number} total_bytes @param {number} now_ms
     * @returns {number | null} whole seconds, null while unknown
     */
    secondsLeft(name, loaded_bytes, total_bytes, now_ms) {
      const start = starts.get(name);
      if (!start) {
        starts.set(name, { bytes: loaded_bytes, ms: now_ms });
        return null;
      }
      const elapsed_ms = now_ms - start.ms;
      const bytes = loaded_bytes - start.bytes;
      if (elapsed_ms < SETTLING_MS || bytes <= 0) return null;
      return Math.ceil(((total_bytes - loaded_bytes) * elapsed_ms) / bytes / 1000);
    },
  };
}
