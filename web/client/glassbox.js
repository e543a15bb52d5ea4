/**
 * `window.glassbox`: the page's own interface, for the console, for embedding and for sceptics. What the page draws
 * comes through the same calls, and both speak of the same run: that of the text in the box. Every rejection is
 * `{code, message, detail}` (docs/seams.md lists the codes).
 */
import { fromAsked } from "../state/change.js";
import { failure } from "../workers/errors.js";

/** @typedef {import("./python_api.js").Options} Options */

/**
 * @param {import("./client.js").Client} client
 * @param {import("./python_api.js").PythonApi} api
 * @param {import("../start_page.jsx").StartedPage} page shows what is run here
 */
export function createGlassbox(client, api, page) {
  /** @type {Map<string, Promise<string[]>>} labels of each model's vocabulary */
  const labels = new Map();
  /** @type {Map<number, string>} texts of runs, whose rows may be put into another */
  const texts = new Map();

  /** The page reads its first text by itself; what is asked here comes after that. */
  async function ready() {
    await client.ready();
    await page.started;
  }

  async function vocabulary() {
    const name = client.inUse() ?? "";
    const known = labels.get(name) ?? api.vocabulary().then((reply) => reply.labels);
    labels.set(name, known);
    known.catch(() => labels.delete(name));
    return known;
  }

  /** Of the text in the box, which is read first if need be. */
  async function current() {
    await ready();
    const run = await page.currentRun();
    if (!run) throw failure("unknown_run", "There is no run: the text box is empty, or its text cannot be read.");
    return run.run_id;
  }

  /** @param {{token_ids: ArrayLike<number>}} reply @returns {Promise<string[]>} */
  async function labelled(reply) {
    const words = await vocabulary();
    return Array.from(reply.token_ids, (token_id) => words[token_id]);
  }

  return {
    ready,

    /** Models of this site: `[{name, display_name, parameters, licence, source, bytes, is_loaded, config, end_tokens, has_chat, backend, threads}]`; the last five of a loaded one. */
    models: () => client.models(),

    /** All there is to know about a model of this site (docs/seams.md: the manifest). @param {string} name */
    manifest: (name) => client.manifest(name),

    /** Fetch a model if need be and answer with it. @param {string} name */
    async load(name) {
      await ready();
      await page.keepAnswer();
      await client.load(name);
      await page.useModel(name);
    },

    /**
     * A conversation as the text that the model in use reads: its own markers around each message, up to where its answer
     * begins. @param {import("./python_api.js").ChatMessage[]} messages `{role: "system" | "user" | "assistant", content}`
     */
    async chatText(messages) {
      await ready();
      return (await api.chat_text(messages)).text;
    },

    /**
     * Read a text, with what is changed in it by hand: `{run_id, token_ids, tokens}`. Generating goes on with the changes.
     * @param {string} text @param {import("./python_api.js").Changes} [changes] docs/seams.md, `run`
     */
    async run(text, changes = {}) {
      await ready();
      const reply = await api.run(text, changes);
      texts.set(reply.run_id, reply.text);
      const answer = { run_id: reply.run_id, token_ids: reply.token_ids.slice(), tokens: await labelled(reply) };
      await page.adopt(reply, fromAsked(changes, texts));
      return answer;
    },

    /** Read another text without showing it, for its rows (`patches`): `{run_id, token_ids, tokens}`. @param {string} text */
    async runBeside(text) {
      await ready();
      const reply = await api.run_beside(text);
      texts.set(reply.run_id, reply.text);
      return { run_id: reply.run_id, token_ids: reply.token_ids.slice(), tokens: await labelled(reply) };
    },

    /**
     * What the run would say with one thing changed at a time, one pass each; `for await` it, and break to stop.
     * Yields `{index, count, probability, top_id, top_probability}`, index [layer, head], [layer, key] or [layer, pair].
     * @param {Omit<import("./python_api.js").SweepQuestion, "start" | "stop">} question docs/seams.md, `sweep`
     */
    async *sweep(question) {
      const run_id = await current();
      for (let index = 0, count = 1; index < count; index++) {
        const found = await api.sweep(run_id, { ...question, start: index, stop: index + 1 });
        count = found.count;
        const [probability, top_id, top_probability] = [
          found.probabilities[0],
          found.top_ids[0],
          found.top_probabilities[0],
        ];
        if (count > 0) yield { index, count, probability, top_id, top_probability };
      }
    },

    /** Draw n tokens, each read before the next: `{token_ids, tokens, probabilities, text}`. @param {number} n @param {Options} [options] */
    async generate(n, options = {}) {
      if (!Number.isInteger(n) || n < 0)
        throw failure("bad_option", `generate needs a whole number of tokens, not ${n}.`);
      const token_ids = new Int32Array(n);
      const probabilities = new Float32Array(n);
      let [text, n_tokens, run_id] = ["", 0, n > 0 ? await current() : 0];
      for (let i = 0; i < n; i++) {
        const reply = await api.generate_token(run_id, options);
        token_ids[i] = reply.token_id;
        probabilities[i] = reply.probability;
        ({ text, n_tokens, run_id } = reply);
      }
      if (n > 0) await page.adopt(await api.rewind(run_id, n_tokens), page.changes());
      return { token_ids, tokens: await labelled({ token_ids }), probabilities, text };
    },

    /** One tensor of the run, all positions: `{data, shape, axes}`. @param {string} name @param {{layer?: number, head?: number}} [place] */
    tensor: async (name, place = {}) => api.tensor(await current(), name, place),

    /** The full vocabulary, best first: `{token_ids, tokens, probabilities, logits, kept, stages}`. @param {Options} [options] */
    async probabilities(options = {}) {
      const reply = await api.probabilities(await current(), options);
      return { ...reply, tokens: await labelled(reply) };
    },
  };
}
