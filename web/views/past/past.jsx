import { useRef, useState } from "preact/hooks";
import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { linesOf, redoTarget } from "../../state/tree.js";
import { LONGEST_NAME } from "../../state/tree_text.js";
import { CardTitle } from "../card_title.jsx";
import { Icon } from "../icon.jsx";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";
import { BeamSearch } from "./beam_search.jsx";
import { Compare } from "./compare.jsx";
import { PastTokens } from "./past_tokens.jsx";
import { TreeLines } from "./tree_lines.jsx";

/** What came after the prompt, and what else might have. */
export function Past() {
  const { state } = usePage();
  const is_stored = state.run.value?.is_stored ?? true;
  return (
    <section class="card past" aria-labelledby="past-title">
      <div class="card-head">
        <CardTitle id="past-title" words={t("past.title")} />
      </div>
      <p class="card-intro">
        <Prose words="past.intro" />
      </p>
      {is_stored ? (
        <p class="hint">{t("lens.needs_live")}</p>
      ) : (
        <>
          <PastTokens />
          <Tools />
          <CostLine />
          <div class="past-columns">
            <div>
              <h3>{t("past.tree")}</h3>
              <TreeLines />
              <Compare />
            </div>
            <BeamSearch />
          </div>
        </>
      )}
    </section>
  );
}

/** Back, forward, and what can be done with the branch on screen. */
function Tools() {
  const { state, actions } = usePage();
  const tree = state.tree.value;
  const is_busy = state.activity.value !== "idle";
  const current = tree.current;
  const node = current === null ? undefined : tree.nodes.get(current);
  const line = linesOf(tree).find(({ nodes }) => nodes[nodes.length - 1].id === current);
  const [is_clearing, setClearing] = useState(false);
  const name = useRef(/** @type {HTMLInputElement | null} */ (null));
  return (
    <div class="past-tools" role="group" aria-label={t("past.tools")}>
      <button type="button" class="with-icon" disabled={current === null || is_busy} onClick={actions.undo}>
        <Icon name="undo" />
        {t("generate.undo")}
      </button>
      <button
        type="button"
        class="with-icon redo"
        disabled={redoTarget(tree) === null || is_busy}
        onClick={actions.redo}
      >
        <Icon name="undo" />
        {t("past.redo")}
      </button>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (current !== null && name.current) actions.nameBranch(current, name.current.value);
        }}
      >
        <input
          ref={name}
          key={current}
          type="text"
          maxLength={LONGEST_NAME}
          aria-label={t("past.name_here")}
          placeholder={t("past.name_here")}
          defaultValue={node?.name ?? ""}
          disabled={current === null}
        />
        <button type="submit" disabled={current === null}>
          {t("past.name")}
        </button>
      </form>
      <button
        type="button"
        disabled={!line || is_busy}
        onClick={() => line && void actions.deleteBranch(line.nodes[0].id)}
      >
        {t("past.delete")}
      </button>
      <button
        type="button"
        disabled={tree.nodes.size === 0 || is_busy}
        onBlur={() => setClearing(false)}
        onClick={() => {
          if (is_clearing) void actions.clearPast();
          setClearing(!is_clearing);
        }}
      >
        {t(is_clearing ? "past.clear_sure" : "past.clear")}
      </button>
    </div>
  );
}

/** What the last step took. */
function CostLine() {
  const { state } = usePage();
  const language = state.language.value;
  const cost = state.cost.value;
  return (
    <p class="hint past-cost" role="status">
      {cost
        ? t("past.cost", {
            computed: formatNumber(cost.computed, language),
            reused: formatNumber(cost.reused, language),
            ms: formatNumber(cost.ms, language),
          })
        : t("past.cost_none")}
    </p>
  );
}
