import { formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { patternAt } from "../../layout/learned.js";
import { usePage } from "../page_context.js";

const SIDE_PX = 190;

/** The chosen head's pattern on the recorded text, as this snapshot has it. @param {{snapshot: number}} props */
export function SmallPattern({ snapshot }) {
  const { state } = usePage();
  const { layer, head } = state.training_head.value;
  const record = state.training_record.value;
  const pattern = record && patternAt(record, snapshot, layer, head);
  if (!record || !pattern) return null;
  const label = (/** @type {number} */ at) => record.labels[record.token_ids[at]] ?? "";
  const side = SIDE_PX / pattern.n_tokens;
  const last = pattern.n_tokens - 1;
  const keys = Array.from({ length: pattern.n_tokens }, (_, key) => key);
  const most = keys.reduce((best, key) => (pattern.at(last, key) > pattern.at(last, best) ? key : best), 0);
  const name = t("learned.head", { block: ordinal(layer), head: ordinal(head) });
  const words = t("learned.pattern_words", {
    query: label(last),
    key: label(most),
    share: formatShare(pattern.at(last, most), state.language.value),
  });
  return (
    <figure class="learned-pattern">
      <svg width={SIDE_PX} height={SIDE_PX} role="img" aria-label={`${name}. ${words}`}>
        {keys.flatMap((query) =>
          keys.slice(0, query + 1).map((key) => (
            <g key={`${query}-${key}`}>
              <rect class="learned-empty" x={key * side} y={query * side} width={side - 0.5} height={side - 0.5} />
              <rect
                class="cell-weight"
                x={key * side}
                y={query * side}
                width={side - 0.5}
                height={side - 0.5}
                fill-opacity={pattern.at(query, key)}
              />
            </g>
          )),
        )}
      </svg>
      <figcaption>
        <b>{name}</b> <span>{words}</span>
      </figcaption>
    </figure>
  );
}
