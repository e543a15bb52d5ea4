/** The editor: CodeMirror, in a shadow root, where its style sheets are constructed ones and the page's policy has no say. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// By weight and ink: on this page colours are the model's.
const LETTERS = HighlightStyle.define([
  { tag: [tags.keyword, tags.definition(tags.function(tags.variableName))], fontWeight: "650" },
  { tag: tags.string, color: "var(--ink-2)" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
]);

const LOOKS = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--card)", fontSize: "var(--small)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-gutters": { backgroundColor: "var(--sunk)", color: "var(--ink-3)", border: "none" },
  ".cm-line.bad": {
    backgroundColor: "color-mix(in srgb, var(--bad) 14%, var(--card))",
    boxShadow: "inset 3px 0 0 var(--bad)",
  },
});

/** @type {import("@codemirror/state").StateEffectType<number | null>} */
const setBadLine = StateEffect.define();
const bad_line = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setBadLine)) next = marksOf(transaction.state, effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** @param {EditorState} state @param {number | null} line from 1 */
function marksOf(state, line) {
  if (line === null || line < 1 || line > state.doc.lines) return Decoration.none;
  return Decoration.set(Decoration.line({ class: "bad" }).range(state.doc.line(line).from));
}

/**
 * Text typed over a selection. Browsers would give it the looks of what it replaces by an inline style, which the page's
 * policy refuses.
 */
const TYPED_OVER = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { selection } = view.state;
    if (event.inputType !== "insertText" || event.isComposing || event.data === null || selection.main.empty)
      return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

/**
 * @param {HTMLElement} room where it stands
 * @param {{code: string, onChange: (code: string) => void, onRun: () => void, onLeave: () => void}} given
 */
export function createEditor(room, { code, onChange, onRun, onLeave }) {
  const root = room.shadowRoot ?? room.attachShadow({ mode: "open" });
  const parent = document.createElement("div");
  parent.style.height = "100%";
  root.append(parent);
  const always = (/** @type {() => void} */ act) => () => {
    act();
    return true;
  };
  const view = new EditorView({
    parent,
    root,
    state: EditorState.create({
      doc: code,
      extensions: [
        // Before those that come with the editor, which have other uses for these keys.
        Prec.highest(
          keymap.of([
            { key: "Mod-Enter", run: always(onRun) },
            { key: "Escape", run: always(onLeave) },
          ]),
        ),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        history(),
        lineNumbers(),
        pythonLanguage,
        indentUnit.of("    "),
        syntaxHighlighting(LETTERS),
        EditorView.lineWrapping,
        LOOKS,
        bad_line,
        TYPED_OVER,
        // It has the focus anyway; checkers go by the attribute.
        EditorView.contentAttributes.of({ tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
      ],
    }),
  });

  return {
    /** @param {string} next */
    setCode(next) {
      const { doc } = view.state;
      if (doc.toString() !== next) view.dispatch({ changes: { from: 0, to: doc.length, insert: next } });
    },

    /** What the editor is called. @param {string} label */
    setLabel(label) {
      view.contentDOM.setAttribute("aria-label", label);
    },

    /** Mark a line and bring it into sight. @param {number | null} line from 1; null marks none */
    markLine(line) {
      const { doc } = view.state;
      const is_there = line !== null && line >= 1 && line <= doc.lines;
      view.dispatch({
        effects: [
          setBadLine.of(line),
          ...(is_there ? [EditorView.scrollIntoView(doc.line(line).from, { y: "center" })] : []),
        ],
      });
    },

    /** Bring the line where a function begins to the top. @param {string} name @param {boolean} is_focused */
    goTo(name, is_focused) {
      const at = view.state.doc.toString().search(new RegExp(`^def ${name}\\b`, "m"));
      if (at < 0) return;
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "start", yMargin: 8 }) });
      if (is_focused) view.focus();
    },

    destroy() {
      view.destroy();
      parent.remove();
    },
  };
}
