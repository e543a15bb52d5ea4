import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import * as Comlink from "../../web/node_modules/comlink/dist/esm/comlink.js";
import { failure } from "../../web/workers/errors.js";
import { ModelRoute } from "../../web/workers/model_route.js";

/** @type {MessagePort[]} */
let ports = [];

afterEach(() => {
  for (const port of ports) port.close();
  ports = [];
});

/** A port at whose other end something answers. @param {(request: any) => any} run */
function worker(run) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  Comlink.expose({ run }, /** @type {any} */ (port1));
  return port2;
}

test("what is asked goes to the place of the moment", async () => {
  const route = new ModelRoute(worker((n) => ["processor", n]));
  assert.deepEqual(await route.ask("run", 1), ["processor", 1]);
  route.moveTo(worker((n) => ["card", n]));
  assert.deepEqual(await route.ask("run", 2), ["card", 2]);
});

test("what a lost card was asked is answered by the processor", async () => {
  const route = new ModelRoute(
    worker(() => {
      throw failure("device_lost", "gone");
    }),
  );
  const answer = route.ask("run", 3);
  setTimeout(() => route.moveTo(worker((n) => n * 2)), 10);
  assert.equal(await answer, 6);
});

test("a card that never answers holds nobody up once the model is elsewhere", async () => {
  const route = new ModelRoute(worker(() => new Promise(() => {})));
  const answer = route.ask("run", 4);
  setTimeout(() => route.moveTo(worker((n) => n * 2)), 10);
  assert.equal(await answer, 8);
});

test("other failures are the asker's", async () => {
  const route = new ModelRoute(
    worker(() => {
      throw failure("cache_lost", "not here");
    }),
  );
  await assert.rejects(route.ask("run", 5), { code: "cache_lost" });
});

test("an ended route fails what waits and what comes", async () => {
  const route = new ModelRoute(
    worker(() => {
      throw failure("device_lost", "gone");
    }),
  );
  const answer = route.ask("run", 6);
  setTimeout(() => route.end(failure("stale", "another model")), 10);
  await assert.rejects(answer, { code: "stale" });
  await assert.rejects(route.ask("run", 7), { code: "stale" });
});
