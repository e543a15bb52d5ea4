import { createAnswers } from "./answers.js";
import { createChanging } from "./changing.js";
import { createChatting } from "./chatting.js";
import { createExploring } from "./exploring.js";
import { createFollowers } from "./followers.js";
import { createGenerating } from "./generating.js";
import { createGrowing } from "./growing.js";
import { createLearned } from "./learned.js";
import { SEED_MAX } from "./limits.js";
import { createLoading } from "./loading.js";
import { createOffline } from "./offline.js";
import { createOpened } from "./opened.js";
import { createPast } from "./past.js";
import { createPointing } from "./pointing.js";
import { WORKERS_GONE } from "./problems.js";
import { createReading } from "./reading.js";
import { createRiver, createRiverActions } from "./river.js";
import { createFigures } from "./run_figures.js";
import { createSampling } from "./sampling.js";
import { createSectionData } from "./section_data.js";
import { createSections } from "./sections.js";
import { createSelecting } from "./selecting.js";
import { createSharing } from "./sharing.js";
import { createStored } from "./stored.js";
import { createSweeping } from "./sweeping.js";
import { createTexts } from "./texts.js";
import { createTour } from "./tour.js";
import { createWorkbench } from "./workbench.js";

/**
 * @typedef {{state: import("./state.js").State, selectors: import("./selectors.js").Selectors,
 *   figures: import("./run_figures.js").Figures, stored: import("./stored.js").Stored,
 *   followers: import("./followers.js").Followers, river: import("./river.js").RiverPart, learned: ReturnType<typeof createLearned>, changing: ReturnType<typeof createChanging>, texts: ReturnType<typeof createTexts>, answers: ReturnType<typeof createAnswers>, sections: import("./sections.js").Sections, opened: ReturnType<typeof createOpened>, sampling: import("./sampling.js").SamplingPart, past: import("./past.js").PastPart, workbench: import("./workbench.js").WorkbenchPart}} Parts
 * @typedef {ReturnType<typeof createActions>["actions"]} Actions
 */

/**
 * All that can be done on the page. Views call these and nothing else.
 * @param {object} given
 * @param {import("./state.js").State} given.state
 * @param {import("./selectors.js").Selectors} given.selectors
 * @param {import("../client/python_api.js").PythonApi} given.api
 * @param {import("./loading.js").Host} given.host
 * @param {import("./workbench.js").BenchHost} given.bench
 * @param {string} given.base_url folder of the page
 * @param {{keep_sampling: boolean, keep_place: boolean}} given.kept what was set by the address: the sampling, the block or head
 */
export function createActions({ state, selectors, api, host, bench, base_url, kept }) {
  const figures = createFigures(state, selectors, api);
  const reading = createReading(state, selectors, api, figures);
  const stored = createStored(state, base_url, kept);
  const river = createRiver(state, selectors, api, stored, figures);
  const growing = createGrowing(state, selectors, api, figures, reading, river);
  const generating = createGenerating(state, selectors, api, growing);
  const past = createPast(state, selectors, api, figures, growing);
  const answers = createAnswers(state, api);
  const loading = createLoading(state, host, reading.start, answers.actions.keepAnswer);
  const selecting = createSelecting(state);
  const followers = createFollowers(state, selectors, api, stored, figures);
  const learned = createLearned(state, base_url);
  const changing = createChanging(state, selectors, api, figures);
  const texts = createTexts(state, selectors, api, figures, river);
  const sections = createSections(state, selectors, api, figures);
  const opened = createOpened(state, selectors, createSectionData(api, figures));
  const sampling = createSampling(state, selectors, api, figures);
  const workbench = createWorkbench(state, selectors, api, figures, bench);

  const actions = {
    ...generating,
    ...createChatting(state, api, reading, generating),
    ...past.actions,
    ...loading,
    ...selecting,
    ...createExploring(state),
    ...createOffline(state, host, base_url),
    ...createPointing(state),
    ...createTour(state),
    ...createRiverActions(state),
    ...sections.actions,
    ...sampling.actions,
    ...workbench.actions,
    ...learned.actions,
    ...changing.actions,
    ...texts.actions,
    ...answers.actions,
    ...createSweeping(state, selectors, api),
    setText: reading.setText,
    adopt: reading.adopt,

    /** The run of the text in the box, with what is changed in it; null where there is none. */
    async currentRun() {
      if (!(await reading.current())) return null;
      await changing.settled();
      return state.run.value;
    },

    /** @param {string} file of one of the examples */
    async showExample(file) {
      const example = state.examples.value.find((candidate) => candidate.file === file);
      if (!example) return;
      reading.setText(example.text);
      stored.open(example);
      if (!selectors.is_live.value) await stored.show(example);
    },

    newSeed: () => selecting.setSampling({ seed: crypto.getRandomValues(new Uint32Array(1))[0] % (SEED_MAX + 1) }),

    /** Once more what failed. */
    async retry() {
      const code = state.problem.value?.code ?? "";
      if (code === "new_build") return location.reload();
      const restart_needed = WORKERS_GONE.has(code);
      state.problem.value = null;
      if (restart_needed) reading.holdTree();
      await (restart_needed ? loading.restart() : reading.start());
    },
  };
  return {
    actions: { ...actions, ...createSharing(state, actions) },
    parts: {
      state,
      selectors,
      figures,
      stored,
      followers,
      changing,
      texts,
      answers,
      learned,
      opened,
      river,
      sections,
      sampling,
      past,
      workbench,
    },
  };
}
