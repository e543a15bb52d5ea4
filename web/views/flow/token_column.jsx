import { ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { rowMiddle, tokensInSight } from "../../layout/flow/rows.js";
import { usePage } from "../page_context.js";
import { TokenLabel } from "../token_label.jsx";

/**
 * The tokens, each at the start of its row. Pointing at one, or moving to it with the arrow keys, lights up where it comes
 * from; choosing one puts its row forward everywhere.
 * @param {import("./flow_figure.js").Figure} props
 */
export function TokenColumn({ data, layout, rows }) {
  const { state, selectors, actions } = usePage();
  const { tokens, n_prompt } = data.run;
  const span = /** @type {import("../../layout/flow/columns.js").Span} */ (layout.columns.tokens);
  const query = Math.min(selectors.query.value, tokens.length - 1);

  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const at = state.pointed_token.value ?? query;
    /** @type {Record<string, number>} */
    const targets = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: tokens.length - 1 };
    const target = targets[event.key];
    if (target === undefined || !tokens[target]) return;
    event.preventDefault();
    if (target !== query) actions.selectQuery(target);
    const list = event.currentTarget;
    // The list shows the row first, if it was out of sight.
    requestAnimationFrame(() => {
      const button = /** @type {HTMLElement | null} */ (
        /** @type {HTMLElement} */ (list).querySelector(`[data-token="${target}"]`)
      );
      button?.focus();
    });
  };

  return (
    <ol class="flow-tokens" aria-label={t("tokens.title")} onKeyDown={onKeyDown}>
      {tokensInSight(rows).map((token) => (
        <li key={token}>
          <button
            type="button"
            data-token={token}
            class={token >= n_prompt ? "flow-token flow-token-added" : "flow-token"}
            style={{
              left: `${span.x}px`,
              width: `${span.width}px`,
              height: `${rows.pitch}px`,
              top: `${rowMiddle(rows, token) - rows.pitch / 2}px`,
              fontSize: `${Math.min(15, rows.pitch - 0.5)}px`,
            }}
            aria-pressed={token === query}
            aria-label={t("flow.token_name", { label: tokens[token].label, position: ordinal(token) })}
            tabIndex={token === query || (token === rows.first && !inSight(query, rows)) ? 0 : -1}
            onPointerEnter={() => actions.pointAtToken(token)}
            onPointerLeave={() => actions.pointAtToken(null)}
            onFocus={(event) => event.currentTarget.matches(":focus-visible") && actions.pointAtToken(token)}
            onBlur={() => actions.pointAtToken(null)}
            onClick={() => actions.selectQuery(token)}
          >
            <TokenLabel label={tokens[token].label} />
          </button>
        </li>
      ))}
    </ol>
  );
}

/** @param {number} token @param {import("../../layout/flow/rows.js").RowLayout} rows */
const inSight = (token, { first, count }) => token >= first && token < first + count;
