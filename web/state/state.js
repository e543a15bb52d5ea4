import { signal } from "@preact/signals";
import { createAnswersState } from "./answers_state.js";
import { createChangesState } from "./changes_state.js";
import { createChatState } from "./chat_state.js";
import { createExploringState } from "./exploring.js";
import { createFiguresState } from "./figures_state.js";
import { createLearnedState } from "./learned_state.js";
import { DEFAULT_SAMPLING } from "./limits.js";
import { createPastState } from "./past_state.js";
import { createRiverState } from "./river_state.js";
import { createSamplingState } from "./sampling_state.js";
import { createSectionsState } from "./sections_state.js";
import { createTextsState } from "./texts_state.js";
import { createTourState } from "./tour_stops.js";
import { pendingOf } from "./tree_text.js";
import { createWorkbenchState } from "./workbench_state.js";

/** @typedef {ReturnType<typeof createState>} State */

/**
 * Everything the page knows, one signal a fact. Only actions write to it; views and selectors read.
 * @param {Partial<import("./url.js").Shared>} [shared] what the address says
 */
export function createState(shared = {}) {
  return {
    ...createAnswersState(),
    ...createChangesState(shared.changes),
    ...createExploringState(),
    ...createFiguresState(),
    ...createLearnedState(),
    ...createPastState(),
    ...createRiverState(shared.tab, shared.open),
    ...createSamplingState(),
    ...createSectionsState(),
    ...createTextsState(shared.changes),
    ...createTourState(),
    ...createWorkbenchState(),
    open_section: signal(/** @type {import("./exploring.js").SectionName | null} */ (shared.section ?? null)),
    pending: signal(pendingOf(shared, shared.text ?? "")),

    // What a reader sets.
    language: signal(/** @type {import("./types.js").Language} */ (shared.language ?? "en")),
    theme: signal(/** @type {import("./types.js").Theme} */ ("auto")),
    text: signal(shared.text ?? ""),
    model_name: signal(/** @type {string | null} */ (shared.model ?? null)),
    layer: signal(shared.layer ?? 0),
    head: signal(shared.head ?? 0),
    sampling: signal(/** @type {import("./types.js").Sampling} */ ({ ...DEFAULT_SAMPLING, ...shared.sampling })),
    play_count: signal(20),
    // The least time from one token to the next while playing, in ms.
    pace_ms: signal(0),
    open_panel: signal(/** @type {import("./types.js").Panel} */ (shared.panel ?? null)),
    // The query row that figures put forward; null means the last token.
    selected_query: signal(/** @type {number | null} */ (null)),

    // What is kept for a time without a network.
    offline: signal(
      /** @type {import("./types.js").Offline} */ ({ kept: null, busy: null, problem: null, threads: null }),
    ),

    // What has arrived.
    boot: signal(/** @type {import("./types.js").Boot} */ ({ kind: "starting", loaded_bytes: 0, total_bytes: 0 })),
    models: signal(/** @type {import("./types.js").Model[]} */ ([])),
    model_shape: signal(/** @type {import("./types.js").ModelShape | null} */ (null)),
    /** Tokens after which the model in use has no more to say. */
    end_tokens: signal(/** @type {number[]} */ ([])),
    ...createChatState(),
    examples: signal(/** @type {import("../stored_runs.js").Example[]} */ ([])),
    preview: signal(/** @type {import("./types.js").Preview} */ ({ kind: "waiting" })),
    run: signal(/** @type {import("./types.js").Run | null} */ (null)),
    prediction: signal(/** @type {import("./types.js").Prediction | null} */ (null)),
    activity: signal(/** @type {import("./types.js").Activity} */ ("idle")),
    // Something to know that stops nothing, by its code.
    notice: signal(/** @type {string | null} */ (null)),
    problem: signal(/** @type {import("./types.js").Problem | null} */ (null)),
  };
}
