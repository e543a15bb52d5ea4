import assert from "node:assert/strict";
import { test } from "node:test";
import { createActions } from "../../web/state/actions.js";
import { startEffects } from "../../web/state/effects.js";
import { explainFailures } from "../../web/state/problems.js";
import { createSelectors } from "../../web/state/selectors.js";
import { createState } from "../../web/state/state.js";
import { leavesOf, pathTo } from "../../web/state/tree.js";
import { readTree } from "../../web/state/tree_text.js";

const N_CTX = 8;
const VOCABULARY = ["␣a", "␣b", "␣c"];
const settle = (ms = 10) => new Promise((resolve) => setTimeout(resolve, ms));
/** The workbench is not looked at here. */
const NO_BENCH = {
  start: settle,
  stop() {},
  source: async () => "",
  run: async () => ({ figure: null, mistake: null }),
};

/** @param {() => boolean} condition */
async function until(condition) {
  for (let tries = 0; tries < 500 && !condition(); tries++) await settle(5);
}

/** A pretended model: words are tokens, the next one is always "a". */
function pretend() {
  /** @type {string[]} */
  const calls = [];
  /** @type {Record<string, unknown>} errors to throw, by method; each once */
  const failures = {};
  const delays = /** @type {Record<string, number>} */ ({});
  let use_count = 1;
  /** @type {Map<number, string[]>} words of each run; an id names one content for good */
  const runs = new Map();
  let last_id = 0;

  /** @type {string[]} by token id; the vocabulary first */
  const words_known = VOCABULARY.map((label) => label.slice(1));
  const idOf = (/** @type {string} */ word) => {
    if (!words_known.includes(word)) words_known.push(word);
    return words_known.indexOf(word);
  };
  const tokens = (/** @type {string[]} */ list) =>
    list.map((label, at) => {
      const end = list.slice(0, at + 1).join(" ").length;
      return { id: idOf(label), label, start: end - label.length, end, is_fragment: false };
    });
  /** The run of these words. @param {string[]} words */
  const reply = (words) => {
    const text = words.join(" ");
    const known = [...runs].find(([, others]) => others.join(" ") === text);
    const run_id = known ? known[0] : ++last_id;
    runs.set(run_id, words);
    return { run_id, token_ids: Int32Array.from(words, idOf), tokens: tokens(words), text };
  };

  /** @param {string} name @param {(...args: any[]) => any} answer */
  const method =
    (name, answer) =>
    async (/** @type {any[]} */ ...args) => {
      calls.push(name);
      await settle(delays[name] ?? 1);
      const failure = failures[name];
      delete failures[name];
      if (failure) throw failure;
      return answer(...args);
    };
  /** @param {(words: string[], ...args: any[]) => any} answer */
  const ofRun =
    (answer) =>
    (/** @type {number} */ run_id, /** @type {any[]} */ ...args) => {
      const words = runs.get(run_id);
      if (!words) throw { code: "unknown_run", message: `no run ${run_id}` };
      return answer(words, ...args);
    };
  const append = (/** @type {string[]} */ words, /** @type {string} */ word) => {
    const { run_id, text, tokens: all } = reply([...words, word]);
    const cost = { computed: 1, reused: all.length - 1 };
    const token_id = idOf(word);
    return {
      run_id,
      n_tokens: all.length,
      token_id,
      token: all[all.length - 1],
      probability: 0.25,
      own: 0.5,
      text,
      cost,
    };
  };

  const api = {
    tokenize: method("tokenize", (text) => {
      const all = text.split(" ");
      return { token_ids: Int32Array.from(all.keys()), tokens: tokens(all.slice(0, N_CTX)), n_ctx: N_CTX };
    }),
    chat_text: method("chat_text", (messages) => ({
      text: messages.map((/** @type {any} */ { content }) => content).join(" "),
    })),
    vocabulary: method("vocabulary", () => ({ labels: VOCABULARY })),
    run: method("run", (text) => reply(text.split(" "))),
    generate_token: method(
      "generate_token",
      ofRun((words) => append(words, "a")),
    ),
    append_token: method(
      "append_token",
      ofRun((words, token_id) => append(words, VOCABULARY[token_id].slice(1))),
    ),
    go_to: method(
      "go_to",
      ofRun((_words, token_ids) => ({
        ...reply(token_ids.map((/** @type {number} */ id) => words_known[id])),
        cost: { computed: 0, reused: token_ids.length },
      })),
    ),
    own_probabilities: method(
      "own_probabilities",
      ofRun((words, start) => ({ probabilities: new Float32Array(words.length - start).fill(0.125) })),
    ),
    beam_step: method("beam_step", (beams, width) => {
      const found = beams.flatMap((/** @type {any} */ beam, /** @type {number} */ parent) =>
        ["a", "b", "c"].map((word, rank) => ({
          parent,
          token_id: rank,
          label: word,
          probability: 2 ** -(rank + 1),
          surprise: beam.surprise + rank + 1,
          run_id: reply([.../** @type {string[]} */ (runs.get(beam.run_id)), word]).run_id,
        })),
      );
      found.sort((/** @type {any} */ x, /** @type {any} */ y) => x.surprise - y.surprise);
      const candidates = found.map((/** @type {any} */ one, /** @type {number} */ rank) =>
        rank < width ? one : { ...one, run_id: null },
      );
      return { candidates };
    }),
    rewind: method(
      "rewind",
      ofRun((words, n_tokens) => reply(words.slice(0, n_tokens))),
    ),
    probabilities: method(
      "probabilities",
      ofRun((_words, options) => ({
        token_ids: Int32Array.of(0, 1, 2),
        probabilities: options.top_k === 1 ? Float32Array.of(1, 0, 0) : Float32Array.of(0.5, 0.25, 0.25),
        softmax: Float32Array.of(0.5, 0.25, 0.25),
        own: Float32Array.of(0.5, 0.25, 0.25),
        logits: Float32Array.of(2, 1, 1),
        kept: options.top_k === 1 ? Uint8Array.of(1, 0, 0) : Uint8Array.of(1, 1, 1),
        stages: [],
        vocab_size: 3,
      })),
    ),
    draws: method("draws", () => ({})),
    tensor: method(
      "tensor",
      ofRun((words, _name, { layer, head }) => ({
        data: Float32Array.of(layer, head),
        shape: [words.length, words.length],
        axes: ["query", "key"],
      })),
    ),
    // What the flow draws has tests of its own.
    tensors: method("tensors", () => ({ tensors: [] })),
    river: method("river", () => ({})),
    run_beside: method("run_beside", () => ({})),
    changed: method("changed", () => ({})),
    sweep: method("sweep", () => ({})),
    head_marks: method("head_marks", () => ({})),
    lens: method("lens", () => ({})),
    explain: method("explain", () => ({})),
    section: method("section", () => ({})),
    merge_steps: method("merge_steps", () => ({ steps: [] })),
    embedding: method("embedding", () => ({})),
    position_embeddings: method("position_embeddings", () => ({})),
    nearest_tokens: method("nearest_tokens", () => ({})),
  };
  const host = {
    ready: method("ready", () => undefined),
    models: method("models", () => [
      {
        name: "starter",
        display_name: "Starter",
        bytes: 10,
        is_loaded: true,
        config: {
          ...{ n_layer: 2, n_head: 3, n_kv_head: 3, n_embd: 6, d_head: 2, d_mlp: 24, dropout: 0, is_tied: true },
          ...{ norm: "layer_norm", position: "learned", activation: "gelu_tanh" },
        },
      },
    ]),
    load: method("load", () => undefined),
    cancel: method("cancel", () => undefined),
    useCount: () => use_count,
    hasNewBuild: method("hasNewBuild", () => false),
    restart: method("restart", () => undefined),
    chooseBackend: method("chooseBackend", () => undefined),
  };
  /** Another model was tried, failed, and the one before was started again: its runs are gone. */
  const startAnew = () => {
    use_count += 1;
    runs.clear();
  };
  return { api, host, calls, failures, delays, startAnew };
}

/** @param {Parameters<typeof createState>[0]} shared @param {(host: any) => void} [prepare] changes the host before it starts */
async function livePage(shared = { text: "one two" }, prepare = () => {}) {
  const pretended = pretend();
  prepare(pretended.host);
  const state = createState(shared);
  const selectors = createSelectors(state);
  const { api, host } = pretended;
  const { actions, parts } = createActions({
    state,
    selectors,
    api,
    host,
    bench: NO_BENCH,
    base_url: "http://localhost/",
    kept: { keep_sampling: false, keep_place: false },
  });
  startEffects(parts);
  parts.past.start();
  await actions.start();
  await until(() => selectors.is_prediction_current.value);
  return { ...pretended, state, selectors, actions };
}

const labels = (/** @type {{value: import("../../web/state/types.js").Run | null}} */ run) =>
  run.value?.tokens.map(({ label }) => label);

test("a live page reads the text it was given, with its figures", async () => {
  const { state, selectors } = await livePage();
  assert.deepEqual(labels(state.run), ["one", "two"]);
  assert.equal(selectors.is_prediction_current.value, true);
  assert.equal(state.model_shape.value?.n_layer, 2);
  assert.equal(state.model_shape.value?.norm, "layer_norm");
});

test("moving a slider changes the probabilities; neither is the model run nor a token drawn", async () => {
  const { state, selectors, actions, calls } = await livePage();
  calls.length = 0;
  for (const top_k of [30, 20, 10, 1]) actions.setSampling({ top_k, is_top_k_on: true });
  await until(() => selectors.is_prediction_current.value);
  assert.deepEqual(
    state.prediction.value?.candidates.map(({ is_kept }) => is_kept),
    [true, false, false],
  );
  assert.equal(state.prediction.value?.candidates[1].share, 0.25);
  assert.deepEqual([...new Set(calls)], ["probabilities"]);
  assert.deepEqual(labels(state.run), ["one", "two"]);
});

test("generating, choosing and undoing change text, run and figures together", async () => {
  const { state, selectors, actions } = await livePage();
  await actions.generate();
  assert.equal(state.text.value, "one two a");
  assert.equal(selectors.n_added.value, 1);
  assert.equal(selectors.prompt_text.value, "one two");
  await actions.choose(1);
  assert.equal(state.text.value, "one two a b");
  assert.deepEqual(
    pathTo(state.tree.value, state.tree.value.current).map(({ label, origin, own }) => [label, origin, own]),
    [
      ["a", "drawn", 0.5],
      ["b", "chosen", 0.5],
    ],
  );
  assert.equal(state.cost.value?.reused, 3);
  assert.equal(selectors.is_prediction_current.value, true);
  await actions.undo();
  await actions.undo();
  await actions.undo();
  assert.equal(state.text.value, "one two");
  assert.equal(selectors.n_added.value, 0);
  for (let count = 0; count < 3; count++) await actions.redo();
  assert.equal(state.text.value, "one two a b");
});

test("another token in the place of one begins a branch; both can be gone to, named and deleted", async () => {
  const { state, actions } = await livePage();
  for (let count = 0; count < 3; count++) await actions.generate();
  await actions.branchAt(3, 2);
  assert.equal(state.text.value, "one two a c");
  const [first, second] = leavesOf(state.tree.value);
  await actions.goTo(first.id);
  assert.equal(state.text.value, "one two a a a");
  actions.nameBranch(second.id, "  the other  ");
  assert.equal(state.tree.value.nodes.get(second.id)?.name, "the other");
  await actions.deleteBranch(pathTo(state.tree.value, first.id)[1].id);
  assert.equal(state.text.value, "one two a", "the text goes back to where the branch began");
  assert.equal(leavesOf(state.tree.value).length, 1);
  await actions.clearPast();
  assert.equal(state.text.value, "one two");
  assert.equal(state.tree.value.nodes.size, 0);
});

test("the tree outlives a run that Python has forgotten, and a restart", async () => {
  const { state, actions, failures } = await livePage();
  for (let count = 0; count < 2; count++) await actions.generate();
  await actions.branchAt(3, 2);
  failures.generate_token = { code: "unknown_run", message: "" };
  await actions.generate();
  assert.equal(state.text.value, "one two a c a");
  assert.equal(leavesOf(state.tree.value).length, 2);
  state.problem.value = { code: "worker_died", message: "" };
  await actions.retry();
  await until(() => state.run.value?.text === "one two a c a");
  assert.equal(leavesOf(state.tree.value).length, 2);
});

test("a beam search looks ahead on the tree, and the text stays", async () => {
  const { state, actions } = await livePage();
  actions.setBeamWidth(2);
  await actions.beamSteps(3);
  assert.equal(state.text.value, "one two");
  const { beams, step, candidates } = /** @type {any} */ (state.beam_search.value);
  assert.equal(step, 3);
  assert.deepEqual(
    beams.map((/** @type {any} */ beam) => [
      pathTo(state.tree.value, beam.node)
        .map(({ label }) => label)
        .join(""),
      beam.surprise,
    ]),
    [
      ["aaa", 3],
      ["aab", 4],
    ],
  );
  assert.equal(candidates.filter((/** @type {any} */ one) => one.is_kept).length, 2);
  const dropped = [...state.tree.value.nodes.values()].filter(({ beam }) => beam && !beam.is_kept);
  assert.ok(dropped.length > 0, "what fell behind is marked");
  await actions.goTo(beams[1].node);
  assert.equal(state.text.value, "one two a a b");
});

test("a tree that waits for its prompt comes back, as far as the model can read it", async () => {
  const { state, actions } = await livePage();
  const tree = readTree("-D0.1.2_0-D9999.1_0-C0.0.0.0.0.0.0.0.0*");
  state.pending.value = { text: "one two three", tree, token: null };
  actions.setText("one two three");
  await until(() => state.run.value?.text === "one two three a b c a a");
  assert.equal(state.text.value, "one two three a b c a a", "no longer than the context");
  assert.equal(pathTo(state.tree.value, state.tree.value.current)[1].label, "\u2423b");
  actions.openTab("past");
  await until(() => pathTo(state.tree.value, state.tree.value.current).every(({ own }) => own === 0.125));
  assert.equal(state.prompt_own.value?.values.length, 2);
});

test("playing ends at its count, at Stop, at the end of the context, and when the text changes", async () => {
  const { state, actions, calls, delays } = await livePage();
  actions.setPlayCount(2);
  await actions.play();
  assert.equal(state.run.value?.tokens.length, 4);
  assert.equal(calls.filter((name) => name === "generate_token").length, 2, "none is drawn ahead beyond the count");
  actions.setPlayCount(100);
  delays.generate_token = 20;
  const playing = actions.play();
  actions.stop();
  await playing;
  assert.equal(state.run.value?.tokens.length, 5);
  await actions.play();
  assert.equal(state.run.value?.tokens.length, N_CTX);
  assert.equal(state.problem.value, null);
  actions.setText("x");
  await actions.generate();
  const again = actions.play();
  actions.setText("something else");
  await again;
  assert.equal(state.text.value, "something else");
});

test("playing stops where the model ends the text, and goes on when asked again", async () => {
  const { state, actions } = await livePage();
  await actions.generate();
  const drawn = state.run.value?.tokens.at(-1)?.id ?? -1;
  await actions.undo();
  state.end_tokens.value = [drawn];
  actions.setPlayCount(4);
  await actions.play();
  assert.equal(state.run.value?.tokens.length, 3);
  await actions.play();
  assert.equal(state.run.value?.tokens.length, 4);
});

test("a text that is changed and changed back while a token is drawn goes on from what is on screen", async () => {
  const { state, selectors, actions, delays } = await livePage();
  delays.generate_token = 40;
  const playing = actions.play();
  await settle(10);
  actions.setText("one two x");
  await playing;
  actions.setText("one two");
  delays.generate_token = 1;
  await actions.generate();
  assert.equal(state.text.value, "one two a");
  assert.deepEqual(labels(state.run), ["one", "two", "a"]);
  await until(() => selectors.is_prediction_current.value);
  assert.equal((await actions.currentRun())?.text, "one two a");
});

test("an address that names a block of a deeper model opens it there once that model has come", async () => {
  const { state } = await livePage({ text: "one two", model: "deep", layer: 23, head: 7 }, (host) => {
    const listed = host.models;
    let is_loaded = false;
    host.load = async () => {
      is_loaded = true;
    };
    host.models = async () => {
      const [starter] = await listed();
      const config = { ...starter.config, n_layer: 30, n_head: 9 };
      return [starter, { ...starter, name: "deep", is_loaded, config: is_loaded ? config : undefined }];
    };
  });
  await until(() => state.model_name.value === "deep" && state.layer.value === 23);
  assert.deepEqual([state.layer.value, state.head.value], [23, 7]);
});

test("after a model that failed to load, the one before answers for the text on screen", async () => {
  const { state, selectors, actions, host, startAnew } = await livePage();
  host.load = async () => {
    startAnew();
    throw { code: "out_of_memory", message: "too large" };
  };
  await actions.useModel("big");
  actions.setSampling({ top_k: 1, is_top_k_on: true });
  await until(() => selectors.is_prediction_current.value);
  assert.equal(selectors.is_prediction_current.value, true);
  assert.equal(state.prediction.value?.candidates[1].is_kept, false);
});

test("the current run is that of the text in the box, read at once if need be", async () => {
  const { actions } = await livePage();
  actions.setText("three four five");
  assert.equal((await actions.currentRun())?.text, "three four five");
  actions.setText("");
  assert.equal(await actions.currentRun(), null);
});

test("a reply for a text that was changed meanwhile is dropped", async () => {
  const { state, actions, delays } = await livePage();
  delays.run = 40;
  actions.setText("slow one");
  const first = actions.generate();
  await settle(5);
  actions.setText("newer");
  await first;
  assert.equal(state.text.value, "newer");
  assert.notEqual(state.run.value?.text, "slow one");
  await until(() => state.run.value?.text === "newer");
  assert.deepEqual(labels(state.run), ["newer"]);
});

test("a failed run says why and leaves the text and the last good run", async () => {
  const { state, actions, failures } = await livePage();
  failures.run = { code: "text_too_long", message: "too long", detail: { n_tokens: 9, n_ctx: N_CTX } };
  actions.setText("a much longer text");
  await actions.generate();
  assert.equal(state.problem.value?.code, "text_too_long");
  assert.equal(state.text.value, "a much longer text");
  assert.deepEqual(labels(state.run), ["one", "two"]);
});

test("a dead worker keeps the text; Try again starts anew and reads it", async () => {
  const { state, actions, failures, calls } = await livePage();
  failures.generate_token = { code: "worker_died", message: "died" };
  await actions.generate();
  assert.equal(state.problem.value?.code, "worker_died");
  assert.equal(state.activity.value, "idle");
  assert.equal(state.text.value, "one two");
  await actions.retry();
  assert.ok(calls.includes("restart"));
  assert.equal(state.problem.value, null);
  assert.deepEqual(labels(state.run), ["one", "two"]);
});

test("what cannot be fetched is put down to a newer build only where there is one", async () => {
  const { state, host, calls } = await livePage();
  explainFailures(state, host);
  state.problem.value = { code: "network", message: "" };
  await until(() => calls.includes("hasNewBuild"));
  assert.equal(state.problem.value.code, "network");
  state.problem.value = null;
  explainFailures(state, { ...host, hasNewBuild: async () => true });
  state.problem.value = { code: "network", message: "" };
  await until(() => state.problem.value?.code === "new_build");
  assert.equal(state.problem.value?.code, "new_build");
});

test("a failed start can be tried again", async () => {
  const { api, host, failures } = pretend();
  const state = createState({ text: "one" });
  const selectors = createSelectors(state);
  const { actions } = createActions({
    state,
    selectors,
    api,
    host,
    bench: NO_BENCH,
    base_url: "http://localhost/",
    kept: { keep_sampling: false, keep_place: false },
  });
  failures.ready = { code: "network", message: "no answer" };
  await actions.start();
  assert.equal(state.boot.value.kind, "failed");
  await actions.restart();
  assert.equal(state.boot.value.kind, "ready");
  assert.deepEqual(labels(state.run), ["one"]);
});

test("block and head stay within the model and follow each other round", async () => {
  const { state, actions } = await livePage({ text: "one", layer: 90, head: 7 });
  assert.deepEqual([state.layer.value, state.head.value], [1, 2]);
  actions.selectHead(3);
  actions.selectLayer(-1);
  assert.deepEqual([state.layer.value, state.head.value], [1, 0]);
});

test("a text over the limit is counted whole and not read", async () => {
  const { state, selectors, actions } = await livePage();
  actions.setText("1 2 3 4 5 6 7 8 9 10");
  await until(() => selectors.n_tokens.value === 10);
  assert.equal(selectors.n_tokens.value, 10);
  assert.equal(selectors.is_too_long.value, true);
  assert.equal(state.text.value, "1 2 3 4 5 6 7 8 9 10");
});

test("a model resumed before its pause has come to an end is loaded all the same", async () => {
  const { state, actions, host } = await livePage();
  /** @type {((error: unknown) => void) | null} */
  let reject = null;
  let loads = 0;
  host.load = async () => {
    loads += 1;
    if (loads === 1) await new Promise((_, fail) => (reject = fail));
  };
  host.cancel = async () => void setTimeout(() => reject?.({ code: "cancelled", message: "stopped" }), 20);
  state.models.value = [
    ...state.models.value,
    {
      name: "big",
      display_name: "Big",
      bytes: 10,
      state: "absent",
      loaded_bytes: 0,
      total_bytes: 10,
      seconds_left: null,
      problem: null,
      compute: null,
    },
  ];
  host.models = async () =>
    ["starter", "big"].map((name) => ({
      name,
      display_name: name,
      bytes: 10,
      is_loaded: name === "starter" || loads > 1,
    }));
  const first = actions.useModel("big");
  await until(() => loads === 1);
  await actions.pauseModel("big");
  assert.equal(state.models.value[1].state, "paused");
  await Promise.all([actions.useModel("big"), first]);
  assert.equal(state.models.value[1].state, "ready");
  assert.equal(state.model_name.value, "big");
});
