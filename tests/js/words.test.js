import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const WEB = new URL("../../web/", import.meta.url);
const read = (/** @type {string} */ path) => readFileSync(new URL(path, WEB), "utf8");
const languages = ["en", "zh-CN"].map((name) => ({ name, words: flatten(JSON.parse(read(`i18n/${name}.json`))) }));

/** @param {Record<string, any>} tree @param {string} [prefix] @returns {Map<string, string>} */
function flatten(tree, prefix = "") {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[prefix + key, value]] : [...flatten(value, `${prefix}${key}.`)],
    ),
  );
}

/** @param {string} folder @returns {string[]} */
function sources(folder) {
  return readdirSync(new URL(folder, WEB), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.jsx?$/.test(name))
    .map((name) => folder + name);
}

test("every language has the same keys and puts in the same values", () => {
  const [en, ...others] = languages;
  for (const { name, words } of others) {
    assert.deepEqual([...words.keys()].sort(), [...en.words.keys()].sort(), name);
    for (const [key, text] of words) {
      const slots = (/** @type {string} */ words_with_slots) => (words_with_slots.match(/{{\w+}}/g) ?? []).sort();
      assert.deepEqual(slots(text), slots(en.words.get(key) ?? ""), `${name} ${key}`);
    }
  }
});

test("every key a view names has words", () => {
  for (const path of [...sources("views/"), "start_page.jsx"]) {
    for (const [, key] of read(path).matchAll(/\bt\(\s*"([\w.-]+)"/g)) {
      assert.ok(languages[0].words.has(key), `${path}: ${key}`);
    }
  }
});

test("no view holds words of its own", () => {
  const letter = /\p{L}/u;
  for (const path of sources("views/").filter((name) => name.endsWith(".jsx"))) {
    const code = read(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    // Text between a tag's end and the next tag, on one line or several, outside of braces.
    for (const [, text] of code.matchAll(/(?:<\/?[a-zA-Z][^<>{}]*|["'}]\s*\/?)>([^<>{}()=;]+)(?=<|\{)/g)) {
      assert.ok(!letter.test(text), `${path}: ${JSON.stringify(text.trim())}`);
    }
    for (const [, name, text] of code.matchAll(
      /\b(title|alt|placeholder|aria-label|aria-description|aria-roledescription)="([^"]*)"/g,
    )) {
      assert.fail(`${path}: ${name}="${text}"`);
    }
  }
});

test("every error code of the seams has words", () => {
  const seams = readFileSync(new URL("../docs/seams.md", WEB), "utf8");
  const codes = seams.slice(seams.indexOf("Error codes:"), seams.indexOf("## Stored runs")).matchAll(/`(\w+)`/g);
  for (const [, code] of codes) assert.ok(languages[0].words.has(`problem.${code}`), code);
});
