import { surpriseBits } from "../../state/tree.js";

// A token of so many bits has the full colour: about one in a thousand.
const FULL_BITS = 10;

/** The colour behind a token: the more surprising, the stronger. @param {number | null} own @returns {Record<string, string>} */
export function surpriseStyle(own) {
  if (own === null) return {};
  const share = Math.min(1, surpriseBits(own) / FULL_BITS);
  return { backgroundColor: `color-mix(in srgb, var(--mlp) ${Math.round(share * 55)}%, transparent)` };
}
