import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { agreeingDecimals, formatDecimals, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { kindOf } from "../../state/kinds.js";
import { Formula } from "../figures/formula.jsx";
import { Icon } from "../icon.jsx";
import { usePage } from "../page_context.js";
import { DotTerms } from "./dot_terms.jsx";
import { formulaOf } from "./formulas.js";
import { OtherTerms } from "./other_terms.jsx";
import { useNumbers } from "./use_numbers.js";

// Tensors whose last axis are keys or tokens, not dimensions.
const OF_KEYS = new Set(["attention_scores", "attention_pattern"]);
// Tensors of the heads that several query heads share in some models.
const SHARED = new Set(["key", "value", "key_pre_rotation"]);

/** The sum behind the chosen cell, in front of the page. Arrow keys lead to the cells around it, Escape closes. */
export function ArithmeticCard() {
  const { state } = usePage();
  const pressed_x = usePressed();
  return state.explained_cell.value && <Card cell={state.explained_cell.value} pressed_x={pressed_x} />;
}

/** @param {{cell: import("../../state/exploring.js").ExplainedCell, pressed_x: {current: number}}} props */
function Card({ cell, pressed_x }) {
  const { state, actions } = usePage();
  const card = useRef(/** @type {HTMLDivElement | null} */ (null));
  useFocusInside(card);
  // On the side where the chosen cell is not.
  const [is_left] = useState(() => pressed_x.current > innerWidth / 2);
  const { explained, run } = state;
  // While the next cell is on its way the last one stays.
  const shown = explained.value;
  const is_current = shown?.cell === cell;
  const close = () => actions.explainCell(null);

  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    /** @type {Record<string, [number, number]>} */
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const step = steps[event.key];
    if (event.key === "Escape") close();
    else if (step && !(event.target instanceof HTMLElement && event.target.closest(".vectors, .table-scroll")))
      actions.moveExplained(...step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      class={is_left ? "card arithmetic arithmetic-left" : "card arithmetic"}
      ref={card}
      data-tour="sum"
      role="dialog"
      aria-labelledby="arithmetic-title"
      tabIndex={-1}
      aria-busy={!is_current}
      onKeyDown={onKeyDown}
    >
      <div class="card-head">
        <h2 id="arithmetic-title">{titleWords(usePage(), shown ?? null, cell)}</h2>
        <div class="arithmetic-steps">
          {
            /** @type {const} */ ([
              ["previous_column", 0, -1, "previous"],
              ["next_column", 0, 1, "next"],
            ]).map(([key, rows, columns, icon]) => (
              <button
                key={key}
                type="button"
                class="icon-button"
                aria-label={t(`arithmetic_${key}`)}
                onClick={() => actions.moveExplained(rows, columns)}
              >
                <Icon name={icon} />
              </button>
            ))
          }
          <button type="button" class="icon-button" aria-label={t("arithmetic_close")} onClick={close}>
            <Icon name="close" />
          </button>
        </div>
      </div>
      {shown ? (
        <Sum shown={shown} />
      ) : (
        <p class="hint">{t(run.value?.is_stored ? "arithmetic_needs_live" : "lens.waiting")}</p>
      )}
    </div>
  );
}

/** @param {{shown: import("../../state/sections_state.js").Explained}} props */
function Sum({ shown }) {
  const { cell, answer } = shown;
  const numbers = useNumbers();
  const { state } = usePage();
  const language = state.language.value;
  const total = answer.kind === "dot" ? answer.total : answer.value;
  const decimals = agreeingDecimals(answer.value, total);
  // The result and the shown value, to the same digits; all else to four.
  const number = (/** @type {number} */ value) =>
    value === answer.value && Number.isFinite(value) ? formatDecimals(value, language, decimals) : numbers(value);
  return (
    <>
      <p class="arithmetic-place">
        {placeWords(shown, state.model_shape.value)} <span class="hint">{t("arithmetic_keys")}</span>
      </p>
      <Formula parts={formulaOf(cell.name, { ...answer, column: cell.column }, number)} />
      {answer.kind === "dot" ? (
        <DotTerms shown={shown} total={formatDecimals(total, language, decimals)} />
      ) : (
        <OtherTerms shown={shown} />
      )}
    </>
  );
}

/** @param {import("../page_context.js").Page} page @param {import("../../state/sections_state.js").Explained | null} shown @param {import("../../state/exploring.js").ExplainedCell} asked */
function titleWords({ state }, shown, asked) {
  const cell_name = (shown?.cell ?? asked).name;
  const name = t(`arithmetic_tensor.${cell_name}`, kindOf(state.model_shape.value, cell_name));
  if (!shown) return name;
  const { answer } = shown;
  const decimals = agreeingDecimals(answer.value, answer.kind === "dot" ? answer.total : answer.value);
  const value = Number.isFinite(answer.value)
    ? formatDecimals(answer.value, state.language.value, decimals)
    : "\u2212\u221e";
  return t("arithmetic_title", { name, value });
}

/**
 * Where the cell is: token, index or key, block, head.
 * @param {import("../../state/sections_state.js").Explained} shown @param {import("../../state/types.js").ModelShape | null} shape
 */
function placeWords({ run: { tokens }, cell: { name, layer, head, row, column } }, shape) {
  const is_shared = SHARED.has(name) && shape !== null && shape.n_kv_head < shape.n_head;
  const label = (/** @type {number} */ position) => `${tokens[position]?.label ?? ""}`;
  const parts = [
    OF_KEYS.has(name)
      ? t("arithmetic_place_pair", {
          query: label(row),
          query_position: ordinal(row),
          key: label(column),
          key_position: ordinal(column),
        })
      : t(name === "logits" ? "arithmetic_place_token" : "arithmetic_place_index", {
          label: label(row),
          position: ordinal(row),
          index: ordinal(column),
          id: column,
        }),
  ];
  if (layer !== null) parts.push(t("arithmetic_block", { block: ordinal(layer) }));
  if (head !== null) parts.push(t(is_shared ? "arithmetic_kv_head" : "arithmetic_head", { head: ordinal(head) }));
  return parts.join(t("arithmetic_join"));
}

/** Where the page was last pressed, in px from its left. */
function usePressed() {
  const pressed_x = useRef(0);
  useEffect(() => {
    const onPointerDown = (/** @type {PointerEvent} */ event) => (pressed_x.current = event.clientX);
    document.addEventListener("pointerdown", onPointerDown, true);
    return () => document.removeEventListener("pointerdown", onPointerDown, true);
  }, []);
  return pressed_x;
}

/** The focus moves in when the card opens, and back when it closes. @param {{current: HTMLElement | null}} card */
function useFocusInside(card) {
  useLayoutEffect(() => {
    const before = document.activeElement;
    card.current?.focus({ preventScroll: true });
    return () => {
      const is_here = document.activeElement === document.body || card.current?.contains(document.activeElement);
      if (is_here && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const { actions } = usePage();
  useEffect(() => {
    const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      actions.explainCell(null);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
