import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";
import { nameOf } from "../river/names.js";
import { Choice } from "./choice.jsx";

/** @typedef {import("../../state/changes_state.js").Part} Part */

/**
 * What is about to be cut, place by place, and the ways to cut it.
 * @param {{part: Part, onPart: (part: Part) => void, first?: import("preact").RefObject<HTMLButtonElement | null>}} props
 *   `first`: the button that is reached first
 */
export function CutControls({ part, onPart, first }) {
  const { state, selectors, actions } = usePage();
  const run = state.run.value;
  const shape = state.model_shape.value;
  if (!run || !shape) return null;
  const is_waiting = !selectors.is_live.value || run.is_stored || !selectors.is_run_current.value;
  const mlp = (/** @type {number} */ layer) => ({ kind: /** @type {const} */ ("mlp"), layer });
  const blocks = count(shape.n_layer).map((layer) => ({ value: layer, words: String(ordinal(layer)) }));
  if (part.kind === "mlp") {
    return (
      <div class="cut-controls">
        <Choice
          words={t("change.block")}
          value={part.layer}
          options={blocks}
          onChoose={(layer) => onPart(mlp(layer))}
        />
        <button ref={first} type="button" disabled={is_waiting} onClick={() => actions.addChange(mlp(part.layer))}>
          {t("change.mlp_off")}
        </button>
      </div>
    );
  }
  const { layer, head, query, key } = part;
  const heads = [
    { value: -1, words: t("change.all_heads") },
    ...count(shape.n_head).map((index) => ({ value: index, words: t("river.head", { head: ordinal(index) }) })),
  ];
  const tokens = run.tokens.map(({ label }, position) => ({
    value: position,
    words: t("change.token", { position: ordinal(position), label: nameOf(label) }),
  }));
  /** @param {import("../../state/change.js").When} when */
  const cut = (when) => actions.addChange({ ...part, kind: "cut", when });
  // Before the softmax the first token has nothing else to look at.
  const is_only = query === 0;
  return (
    <div class="cut-controls">
      <Choice
        words={t("change.block")}
        value={layer}
        options={blocks}
        onChoose={(chosen) => onPart({ ...part, layer: chosen })}
      />
      <Choice
        words={t("change.heads")}
        value={head ?? -1}
        options={heads}
        onChoose={(chosen) => onPart({ ...part, head: chosen < 0 ? null : chosen })}
      />
      <Choice
        words={t("change.reader")}
        value={query}
        options={tokens}
        onChoose={(chosen) => onPart({ ...part, query: chosen, key: Math.min(key, chosen) })}
      />
      <Choice
        words={t("change.reads")}
        value={key}
        options={tokens.slice(0, query + 1)}
        onChoose={(chosen) => onPart({ ...part, key: chosen })}
      />
      <button
        ref={first}
        type="button"
        disabled={is_waiting || is_only}
        title={t("change.before_title")}
        onClick={() => cut("before")}
      >
        {t("change.cut_before")}
      </button>
      <button type="button" disabled={is_waiting} title={t("change.after_title")} onClick={() => cut("after")}>
        {t("change.cut_after")}
      </button>
      {head !== null && (
        <button type="button" disabled={is_waiting} onClick={() => actions.addChange({ kind: "head", layer, head })}>
          {t("change.head_off", { head: ordinal(head) })}
        </button>
      )}
      <button type="button" disabled={is_waiting} onClick={() => actions.addChange(mlp(layer))}>
        {t("change.mlp_off")}
      </button>
    </div>
  );
}

/** @param {number} length */
const count = (length) => Array.from({ length }, (_, index) => index);
