import { formatNumber, ordinal } from "../format.js";
import { t } from "../i18n/translate.js";
import { Icon } from "./icon.jsx";
import { usePage } from "./page_context.js";

/**
 * One of a row of things: arrow keys, Home and End, or the two buttons. After the last comes the first.
 * @param {{name: "block" | "head", index: number, count: number, onSelect: (index: number) => void}} props
 */
export function Stepper({ name, index, count, onSelect }) {
  const language = usePage().state.language.value;
  const words = t(`attention.${name}_of`, {
    number: formatNumber(ordinal(index), language),
    count: formatNumber(count, language),
  });

  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    /** @type {Record<string, number>} */
    const targets = {
      ArrowRight: index + 1,
      ArrowUp: index + 1,
      ArrowLeft: index - 1,
      ArrowDown: index - 1,
      Home: 0,
      End: count - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    onSelect(target);
  };

  return (
    <div class="stepper">
      <button
        type="button"
        class="icon-button"
        tabIndex={-1}
        aria-label={t(`attention.previous_${name}`)}
        onClick={() => onSelect(index - 1)}
      >
        <Icon name="previous" />
      </button>
      <span
        class="stepper-value"
        role="spinbutton"
        tabIndex={0}
        aria-label={t(`attention.${name}`)}
        aria-valuenow={ordinal(index)}
        aria-valuemin={1}
        aria-valuemax={count}
        aria-valuetext={words}
        onKeyDown={onKeyDown}
      >
        {words}
      </span>
      <button
        type="button"
        class="icon-button"
        tabIndex={-1}
        aria-label={t(`attention.next_${name}`)}
        onClick={() => onSelect(index + 1)}
      >
        <Icon name="next" />
      </button>
    </div>
  );
}
