/** Wires client, interface and page. */

import { createClient } from "./client/client.js";
import { createGlassbox } from "./client/glassbox.js";
import { keepForOffline } from "./offline.js";
import { startPage } from "./start_page.jsx";

const base_url = new URL(".", document.baseURI).href;

const { page, host } = startPage({
  base_url,
  connect(onProgress, onNotice) {
    const client = createClient({ base_url, workers: WORKERS, onProgress, onNotice });
    const { call } = client;
    return {
      host: client,
      api: {
        tokenize: (text) => call("tokenize", { text }),
        vocabulary: () => call("vocabulary"),
        run: (text) => call("run", { text }),
        generate_token: (run_id, options) => call("generate_token", { run_id, options }),
        append_token: (run_id, token_id) => call("append_token", { run_id, token_id }),
        rewind: (run_id, n_tokens) => call("rewind", { run_id, n_tokens }),
        probabilities: (run_id, options) => call("probabilities", { run_id, options }),
        tensor: (run_id, name, place) => call("tensor", { run_id, name, ...place }),
        tensors: (run_id, asked) => call("tensors", { run_id, asked }),
        contributions: (run_id) => call("contributions", { run_id }),
        head_marks: (run_id) => call("head_marks", { run_id }),
        lens: (run_id, start, stop) => call("lens", { run_id, start, stop }),
        explain: (run_id, cell) => call("explain", { run_id, ...cell }),
        section: (run_id, name, place) => call("section", { run_id, name, ...place }),
        merge_steps: (run_id, position) => call("merge_steps", { run_id, position }),
        embedding: (run_id, position) => call("embedding", { run_id, position }),
        position_embeddings: () => call("position_embeddings"),
        nearest_tokens: (token_id, count) => call("nearest_tokens", { token_id, count }),
      },
    };
  },
});

Object.assign(globalThis, { glassbox: createGlassbox(host, page) });

void page.started.then(() => keepForOffline(base_url));
