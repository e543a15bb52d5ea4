import { formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { storyOf } from "../../layout/river/story.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";

/** What the model did with this text, in a sentence made from the run. */
export function Caption() {
  const { state, selectors } = usePage();
  // Not that of a token that is pointed at: longer words would move the figure under the pointer.
  const river = state.river.value;
  if (!river) return <p class="caption" aria-live="polite" />;
  const is_stale = river.run !== state.run.value || !selectors.is_run_current.value;
  return (
    <p class={is_stale ? "caption stale" : "caption"} aria-live="polite">
      {sentences(river, state.language.value).map((parts, index) => (
        <span key={index}>{marked(parts)} </span>
      ))}
    </p>
  );
}

/**
 * @param {import("../../state/river_state.js").River} river @param {import("../../state/types.js").Language} language
 * @returns {string[]} translated; a word between two bars is emphasised
 */
function sentences({ run, position, data, labels }, language) {
  const { turns, settled, reading } = storyOf(data);
  const word = (/** @type {number} */ token_id) => nameOf(labels.get(token_id) ?? "");
  const answer = nameOf(labels.get(data.guess_ids[data.n_layer]) ?? "");
  const probability = formatShare(data.guess_probabilities[data.n_layer], language);
  const reader = nameOf(run.tokens[position].label);
  const said = [];
  if (turns.length === 2) {
    const [first, second] = turns;
    said.push(
      t("river.caption.two_turns", {
        block: first.layer,
        word: word(first.token_id),
        next_block: second.layer,
        next_word: word(second.token_id),
      }),
    );
  } else if (turns.length === 1)
    said.push(t("river.caption.one_turn", { block: turns[0].layer, word: word(turns[0].token_id) }));
  if (reading) {
    said.push(
      t("river.caption.reading", {
        block: ordinal(reading.layer),
        reader,
        source: nameOf(run.tokens[reading.source].label),
        answer,
        probability,
      }),
    );
  } else if (settled !== null && settled > 0)
    said.push(t("river.caption.settled", { block: settled, answer, probability }));
  else said.push(t("river.caption.plain", { answer, probability }));
  return said;
}

/** Words between bars are emphasised, the last with the colour of the answer. @param {string} words */
function marked(words) {
  return words.split("|").map((part, index) => (index % 2 ? <b key={index}>{part}</b> : part));
}
