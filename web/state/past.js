import { batch, effect } from "@preact/signals";
import { latestOnly } from "./latest.js";
import { reporting } from "./problems.js";
import { changed, EMPTY_TREE, grown, pathTo, removed } from "./tree.js";
import { LONGEST_NAME } from "./tree_text.js";

/** @typedef {ReturnType<typeof createPast>} PastPart */

const ALTERNATIVES = 8;

/**
 * The tree of what came after the prompt: branches, names, comparison, beam search.
 * @param {import("./state.js").State} state @param {import("./selectors.js").Selectors} selectors
 * @param {import("../client/python_api.js").PythonApi} api @param {import("./run_figures.js").Figures} figures
 * @param {import("./growing.js").Growing} growing
 */
export function createPast(state, selectors, api, figures, { grow, goTo, during, stop, isStopping }) {
  const askOwn = latestOnly(api.own_probabilities);

  /** What the model gave each token of the text, where that is not known: of a typed prompt, of a tree from an address. */
  async function refreshOwn() {
    const [run, tab, is_coloured] = [state.run.value, state.tab.value, state.is_coloured.value];
    if (!run || run.is_stored || (tab !== "past" && !is_coloured) || !selectors.is_run_current.value) return;
    const prompt = selectors.prompt_text.value;
    const known = state.prompt_own.peek();
    const model = state.model_name.peek();
    const has_prompt = known?.run_text === prompt && known.model === model;
    const path = pathTo(state.tree.value, state.tree.value.current);
    const first = has_prompt ? path.findIndex(({ own }) => own === null) : 0;
    if (first < 0) return;
    const start = has_prompt ? run.n_prompt + first : 1;
    const reply = await askOwn(run.run_id, start);
    if (!reply || state.run.peek() !== run) return;
    batch(() => {
      if (!has_prompt) {
        state.prompt_own.value = { run_text: prompt, model, values: reply.probabilities.slice(0, run.n_prompt - 1) };
      }
      let tree = state.tree.peek();
      for (const [at, node] of path.entries()) {
        const own = reply.probabilities[run.n_prompt + at - start];
        if (node.own === null && own !== undefined) tree = changed(tree, node.id, { own });
      }
      state.tree.value = tree;
    });
  }

  /** @type {WeakSet<import("./types.js").Run>} runs from which the way was tried */
  const tried = new WeakSet();

  /** A tree from an address or a file begins at its prompt; the reader was somewhere in it. */
  function returnToPlace() {
    const [run, tree, activity] = [state.run.value, state.tree.value, state.activity.value];
    if (!run || run.is_stored || activity !== "idle" || !selectors.is_run_current.value) return;
    if (tree.current === null || run.tokens.length > run.n_prompt || tried.has(run)) return;
    tried.add(run);
    void during("generating", () => goTo(tree.current));
  }

  /** One step of the beam search that is under way, or the first of a new one. */
  async function step() {
    const run = state.run.value;
    if (!run || !selectors.is_run_current.value) return false;
    const prompt = selectors.prompt_text.value;
    const width = state.beam_width.value;
    const under_way = state.beam_search.peek();
    const begin = { node: state.tree.peek().current, run_id: run.run_id, surprise: 0, is_ended: false };
    const search =
      under_way?.prompt === prompt ? under_way : { start: begin.node, prompt, step: 0, beams: [begin], candidates: [] };
    const { candidates } = await api.beam_step(
      search.beams.map(({ run_id, surprise, is_ended }) => ({ run_id, surprise, is_ended })),
      width,
    );
    if (state.run.peek() !== run) return false;
    const here = state.tree.peek().current;
    let tree = state.tree.peek();
    /** @type {import("./past_state.js").Beam[]} */
    const beams = [];
    for (const { parent, token_id, label, probability, surprise, run_id } of candidates.slice(0, width)) {
      const from = search.beams[parent];
      if (token_id === null || run_id === null) {
        beams.push(from);
        continue;
      }
      const beam = { surprise, step: search.step + 1, is_kept: true };
      tree = grown(tree, from.node, { token_id, label, origin: "beam", own: probability, beam });
      beams.push({ node: tree.current, run_id, surprise, is_ended: state.end_tokens.peek().includes(token_id) });
    }
    const since = pathTo(tree, search.start).length;
    const wordsTo = (/** @type {number | null} */ node) =>
      pathTo(tree, node)
        .slice(since)
        .map(({ label }) => label)
        .join("");
    const kept = new Set(beams.flatMap(({ node }) => pathTo(tree, node).map(({ id }) => id)));
    for (const node of tree.nodes.values()) {
      if (node.beam?.is_kept && !kept.has(node.id)) {
        tree = changed(tree, node.id, { beam: { ...node.beam, is_kept: false } });
      }
    }
    batch(() => {
      // A search looks ahead; the text stays where it is.
      state.tree.value = { ...tree, current: here };
      state.beam_search.value = {
        ...search,
        step: search.step + 1,
        beams,
        candidates: candidates.map((one, rank) => ({
          ...one,
          words: wordsTo(search.beams[one.parent].node) + one.label,
          is_kept: rank < width,
        })),
      };
    });
    return !beams.every(({ is_ended }) => is_ended);
  }

  const actions = {
    /** Show another line of the tree. @param {number | null} id */
    goTo: (id) => during("generating", () => goTo(id)),

    /** Another token in the place of one of the text: a branch. @param {number} position @param {number} token_id */
    branchAt(position, token_id) {
      const run = state.run.peek();
      if (!run || position < run.n_prompt) return undefined;
      const path = pathTo(state.tree.peek(), state.tree.peek().current);
      const from = path[position - run.n_prompt - 1]?.id ?? null;
      state.alternatives.value = null;
      return during("generating", () =>
        grow("chosen", (run_id) => api.append_token(run_id, token_id), { branch: from }),
      );
    },

    /** What else was likely in the place of a token; the same once more puts it away. @param {number | null} position */
    async showAlternatives(position) {
      const run = state.run.peek();
      if (position === null || !run || run.is_stored || state.alternatives.peek()?.position === position) {
        state.alternatives.value = null;
        return;
      }
      reporting(state, async () => {
        const options = { ...selectors.options.peek(), temperature: 1, top_k: null, top_p: null, min_p: null };
        const [reply, names] = await Promise.all([
          api.probabilities(run.run_id, options, position - 1, ALTERNATIVES),
          figures.labels(),
        ]);
        if (state.run.peek() !== run) return;
        const found = Array.from(reply.token_ids, (token_id, at) => ({
          token_id,
          label: names[token_id],
          own: reply.own[at],
        }));
        state.alternatives.value = { position, run, found };
      });
    },

    /** @param {number} id @param {string} name "" takes it away */
    nameBranch(id, name) {
      state.tree.value = changed(state.tree.value, id, { name: name.trim().slice(0, LONGEST_NAME) });
    },

    /** Take a branch away, and what follows it; the text goes back where it was part of it. @param {number} id */
    deleteBranch: (id) =>
      during("generating", async () => {
        const left = removed(state.tree.value, id);
        if (left.current !== state.tree.value.current) await goTo(left.current);
        batch(() => {
          state.tree.value = removed(state.tree.value, id);
          state.beam_search.value = null;
        });
      }),

    /** Only the prompt is left. */
    clearPast: () =>
      during("generating", async () => {
        if (state.tree.value.current !== null) await goTo(null);
        batch(() => {
          state.tree.value = EMPTY_TREE;
          state.beam_search.value = null;
        });
      }),

    /** @param {number | null} id */
    compareWith(id) {
      state.compared_leaf.value = id;
    },

    /** @param {boolean} is_coloured */
    setColoured(is_coloured) {
      state.is_coloured.value = is_coloured;
    },

    /** @param {number} width */
    setBeamWidth(width) {
      batch(() => {
        state.beam_width.value = width;
        state.beam_search.value = null;
      });
    },

    beamStep: () => during("generating", step),

    /** Step after step, until Stop or every line has ended. @param {number} n_steps */
    beamSteps: (n_steps) =>
      during("playing", async () => {
        for (let taken = 0; taken < n_steps && !isStopping(); taken++) {
          if (!(await step())) break;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }),

    /** The next search begins where the text ends. */
    endBeamSearch() {
      state.beam_search.value = null;
    },

    stop,
  };

  function start() {
    effect(() => reporting(state, refreshOwn));
    effect(returnToPlace);
    // What was asked of another text is put away.
    effect(() => {
      const run = state.run.value;
      const found = state.alternatives.peek();
      if (found && found.run !== run) state.alternatives.value = null;
      const search = state.beam_search.peek();
      if (search && search.prompt !== selectors.prompt_text.value) state.beam_search.value = null;
    });
  }

  return { start, actions };
}
