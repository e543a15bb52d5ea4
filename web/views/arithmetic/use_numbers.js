import { formatValue } from "../../format.js";
import { usePage } from "../page_context.js";

/** How the card prints a number. */
export function useNumbers() {
  const language = usePage().state.language.value;
  return (/** @type {number} */ value) => formatValue(value, language);
}
