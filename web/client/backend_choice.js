/**
 * Whether a model is computed on the processor or on a graphics card: what the reader wants, what this machine has shown,
 * and what follows from both.
 *
 * @typedef {"auto" | "processor" | "card"} Choice
 * @typedef {"quicker" | "slower" | "different" | "failed" | "lost" | "absent"} Verdict what trying the card has shown
 * @typedef {{verdict: Verdict, card_ms: number | null, processor_ms: number | null}} Trial milliseconds a token
 * @typedef {{is_software: boolean}} Card
 */

// A smaller model is quick on any processor; fetching 27 MB of another runtime and starting it would cost more.
const SMALLEST_BYTES = 50_000_000;
// Of the processor's time: less of a gain is not worth a second change of numbers in the eighth digit.
const CLEARLY = 0.7;
const KEY = "glassbox-backends";

/**
 * Whether to look for a card: Chromium warns in the console where a page asks and there is none.
 * @param {{choice: Choice, bytes: number, trial: Trial | null}} given trial: what was remembered
 */
export function isWorthLooking({ choice, bytes, trial }) {
  if (choice !== "auto") return choice === "card";
  return bytes >= SMALLEST_BYTES && (trial === null || trial.verdict === "quicker");
}

/** Whether to try a card: who asks for it gets it, a program that pretends to be a card included. @param {Choice} choice @param {Card | null} card */
export function isWorthTrying(choice, card) {
  return card !== null && (choice === "card" || !card.is_software);
}

/** @param {{is_same: boolean, card_ms: number, processor_ms: number}} measured @returns {Verdict} */
export function judge({ is_same, card_ms, processor_ms }) {
  if (!is_same) return "different";
  return card_ms < CLEARLY * processor_ms ? "quicker" : "slower";
}

/** Whether the card takes over. @param {Choice} choice @param {Verdict} verdict */
export function takesOver(choice, verdict) {
  return verdict === "quicker" || (choice === "card" && verdict === "slower");
}

/** Whether this browser lets pages use a card, if there is one. */
export const hasGraphics = () => Boolean(globalThis.navigator && "gpu" in navigator);

/** The card of this machine, if the browser lets pages use one. @returns {Promise<Card | null>} */
export async function findCard() {
  try {
    const adapter = await /** @type {any} */ (navigator).gpu?.requestAdapter();
    if (!adapter) return null;
    return { is_software: Boolean(adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter) };
  } catch {
    return null;
  }
}

/**
 * What this machine remembers of each model. Storage may be denied; then it lasts as long as the page.
 * @param {Storage | null} storage
 */
export function createMemory(storage) {
  /** @type {Record<string, {choice: Choice, trial: Trial | null}>} */
  let entries = {};
  try {
    entries = JSON.parse(storage?.getItem(KEY) ?? "{}");
  } catch {
    // Begun anew.
  }
  /** @param {string} name @returns {{choice: Choice, trial: Trial | null}} */
  const recall = (name) => entries[name] ?? { choice: "auto", trial: null };
  return {
    recall,
    /** @param {string} name @param {Partial<{choice: Choice, trial: Trial | null}>} changes */
    remember(name, changes) {
      entries[name] = { ...recall(name), ...changes };
      try {
        storage?.setItem(KEY, JSON.stringify(entries));
      } catch {
        // Nothing depends on it.
      }
    },
  };
}
