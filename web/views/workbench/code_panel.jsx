import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { whole } from "../../integrity/whole_fetch.js";
import { Icon } from "../icon.jsx";
import { usePage } from "../page_context.js";
import { Verdict } from "./verdict.jsx";

/**
 * @typedef {import("../../state/workbench_state.js").Kind} Kind
 * @typedef {ReturnType<typeof import("./code_editor.js").createEditor>} Editor
 */

/** The functions of each source, in the order in which they are called. @type {Record<Kind, string[]>} */
const FUNCTIONS = {
  sampling: ["divide", "softmax", "top_k", "top_p", "min_p", "renormalise"],
  attention: ["attention", "products", "scaled", "masked"],
};

/** The editor with its buttons, and what came of the last run. @param {{kind: Kind}} props */
export function CodePanel({ kind }) {
  const { state, actions } = usePage();
  const [editor, setEditor] = useState(/** @type {Editor | null} */ (null));
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const run_button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const source = state.bench_sources.value[kind];
  const code = state.bench_codes.value[kind] ?? source;
  const is_running = state.bench_activity.value === "running";
  const is_edited = state.bench_codes.value[kind] !== undefined;
  const figures = state.bench_figures.value;
  const mistake = figures?.place.kind === kind ? (figures.yours?.mistake ?? null) : null;
  const has_source = source !== undefined;

  useEffect(() => {
    /** @type {Editor | null} */
    let made = null;
    let is_here = true;
    if (!has_source) return undefined;
    whole("views/workbench/code_editor.js", () => import("./code_editor.js")).then(
      ({ createEditor }) => {
        if (!is_here || !room.current) return;
        made = createEditor(room.current, {
          code: state.bench_codes.peek()[kind] ?? source,
          onChange: (next) => actions.editCode(kind, next),
          onRun: () => actions.runCode(kind),
          onLeave: () => run_button.current?.focus(),
        });
        made.goTo(FUNCTIONS[kind][0], false);
        setEditor(made);
      },
      () => {
        state.problem.value = { code: "network", message: "" };
      },
    );
    return () => {
      is_here = false;
      made?.destroy();
    };
  }, [has_source]);

  useEffect(() => {
    // What it is by now: a letter may have been typed since this was drawn, and would be taken back.
    const latest = state.bench_codes.peek()[kind] ?? source;
    if (editor && latest !== undefined) editor.setCode(latest);
  }, [editor, code]);
  useEffect(() => {
    editor?.setLabel(`${t(`workbench.title.${kind}`)}. ${t("workbench.keys")}`);
  }, [editor, state.language.value]);
  useEffect(() => {
    editor?.markLine(mistake?.line ?? null);
  }, [editor, mistake]);

  return (
    <div class="workbench-code">
      <div class="workbench-functions" role="group" aria-label={t("workbench.functions")}>
        {FUNCTIONS[kind].map((name) => (
          <button key={name} type="button" class="quiet" disabled={!editor} onClick={() => editor?.goTo(name, true)}>
            <code>{name}</code>
          </button>
        ))}
      </div>
      <div class="workbench-editor" ref={room} />
      {!editor && <p class="hint">{t("lens.waiting")}</p>}
      <div class="workbench-tools">
        <button
          type="button"
          class="primary with-icon"
          ref={run_button}
          disabled={!editor}
          aria-disabled={is_running}
          onClick={() => actions.runCode(kind)}
        >
          <Icon name="play" />
          {t("workbench.run")}
        </button>
        <button
          type="button"
          class="with-icon"
          aria-disabled={!is_running}
          onClick={() => is_running && actions.stopCode()}
        >
          <Icon name="stop" />
          {t("workbench.stop")}
        </button>
        <button
          type="button"
          class="with-icon"
          disabled={!editor || (!is_edited && state.bench_ran.value[kind] === undefined)}
          onClick={() => actions.resetCode(kind)}
        >
          <Icon name="undo" />
          {t("workbench.reset")}
        </button>
      </div>
      <p class="hint">{t("workbench.keys")}</p>
      <Verdict kind={kind} mistake={mistake} />
    </div>
  );
}
