import { effect } from "@preact/signals";
import { render } from "preact";
import { changeLanguage, startTranslation, t } from "./i18n/translate.js";
import { createActions } from "./state/actions.js";
import { syncAddress } from "./state/address.js";
import { startEffects } from "./state/effects.js";
import { keepState, withKept } from "./state/kept_text.js";
import { browserLanguage, readPreferences, writePreferences } from "./state/preferences.js";
import { explainFailures } from "./state/problems.js";
import { createSelectors } from "./state/selectors.js";
import { addressHoldsAll, fileOf } from "./state/shared.js";
import { createState } from "./state/state.js";
import { readShared } from "./state/url.js";
import { App } from "./views/app.jsx";
import { releaseVnodes } from "./views/release_vnodes.js";

/** @typedef {ReturnType<typeof startPage>["page"]} StartedPage what others may do with the page */

/**
 * Put the page on screen with a stored run, then bring it to life.
 * @param {object} given
 * @param {string} given.base_url folder of the page
 * @param {(onProgress: (progress: import("./state/loading.js").Progress) => void,
 *   onNotice: (code: string) => void, onModels: () => void) => {api: import("./client/python_api.js").PythonApi,
 *   host: import("./client/client.js").Client, bench: import("./client/workbench.js").WorkbenchHost}} given.connect
 */
export function startPage({ base_url, connect }) {
  // With what the address could not hold when the page was left.
  const shared = withKept(readShared(location.hash));
  const preferences = readPreferences();
  const state = createState({ ...shared, language: shared.language ?? preferences.language ?? browserLanguage() });
  state.theme.value = preferences.theme ?? "auto";
  startTranslation(state.language.value);

  const selectors = createSelectors(state);
  const { api, host, bench } = connect(
    (progress) => actions.onProgress(progress),
    (code) => actions.setNotice(code),
    () => void actions.listModels(),
  );
  const { actions, parts } = createActions({
    state,
    selectors,
    api,
    host,
    bench,
    base_url,
    kept: {
      keep_sampling: shared.sampling !== undefined,
      keep_place: shared.layer !== undefined || shared.head !== undefined,
    },
  });
  startLooks(state);
  startEffects(parts);
  explainFailures(state, host);
  parts.changing.start();
  parts.texts.start();
  parts.answers.start();
  parts.followers.start();
  parts.learned.start();
  parts.river.start();
  parts.opened.start();
  parts.sections.start();
  parts.sampling.start();
  parts.past.start();
  parts.workbench.start();
  syncAddress(state, actions);
  // At once: a tab that crashes says nothing before.
  effect(() => keepState(addressHoldsAll(state) ? "" : fileOf(state)));

  const root = document.getElementById("page");
  if (!root) throw new Error("The page has no place to be drawn.");
  // After what is fetched has been asked for, and in a task of its own: neither holds up the other.
  releaseVnodes();
  setTimeout(() => {
    render(<App page={{ state, selectors, actions }} />, root);
    document.getElementById("arrival")?.remove();
  });

  // Without stored runs the page still works; the live model follows.
  void parts.stored.start().catch(() => {
    if (!selectors.is_live.value) state.problem.value = { code: "examples_missing", message: "" };
  });

  const page = {
    /** Settles when the first text has been read, or could not be. */
    started: actions.start(),
    /** A newer build has come to the host. */
    onNewBuild: () => actions.setNotice("new_build"),
    /** Keep what the model in use made of the text. */
    keepAnswer: actions.keepAnswer,
    /** Answer with another model. */
    useModel: actions.useModel,
    /** The run of the text in the box. */
    currentRun: actions.currentRun,
    /** Show a run that was not asked for by the page. */
    adopt: actions.adopt,
    /** What is changed by hand. */
    changes: () => state.changes.peek().list,
  };
  return { page, host, api };
}

/** Language and colours of the document. @param {import("./state/state.js").State} state */
function startLooks(state) {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const applyTheme = () => {
    const theme = state.theme.value;
    root.dataset.theme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  };
  effect(applyTheme);
  dark.addEventListener("change", applyTheme);
  effect(() => {
    changeLanguage(state.language.value);
    root.lang = state.language.value;
    document.title = t("title");
  });
  effect(() => writePreferences({ theme: state.theme.value, language: state.language.value }));
}
