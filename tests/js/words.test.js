import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { changeLanguage, pieces, startTranslation, t } from "../../web/i18n/translate.js";

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

/** Words by key without its plural form: form to words; one form, "", where a key has no plurals. @param {Map<string, string>} words */
function byForm(words) {
  /** @type {Map<string, Record<string, string>>} */
  const keys = new Map();
  for (const [key, text] of words) {
    const [, base, form] = key.match(/^(.+)_(zero|one|two|few|many|other)$/) ?? [null, key, ""];
    keys.set(base, { ...keys.get(base), [form]: text });
  }
  return keys;
}

const slotsOf = (/** @type {string} */ text) => new Set(text.match(/{{[\w, ]+}}/g) ?? []);
const termsOf = (/** @type {string} */ text) =>
  [...text.matchAll(/<term name="(\w+)">/g)].map(([, name]) => name).sort();

test("every language has the same keys and puts in the same values", () => {
  const english = byForm(languages[0].words);
  for (const { name, words } of languages) {
    const keys = byForm(words);
    assert.deepEqual([...keys.keys()].sort(), [...english.keys()].sort(), name);
    for (const [key, forms] of keys) {
      // What has plurals in one language has in each the forms that it knows.
      const is_plural = "other" in (english.get(key) ?? {});
      const expected = is_plural ? new Intl.PluralRules(name).resolvedOptions().pluralCategories : [""];
      assert.deepEqual(Object.keys(forms).sort(), [...expected].sort(), `${name} ${key}`);
      const most = is_plural ? "other" : "";
      const slots = slotsOf(english.get(key)?.[most] ?? "");
      assert.deepEqual(slotsOf(forms[most]), slots, `${name} ${key}`);
      for (const text of Object.values(forms))
        assert.ok(
          [...slotsOf(text)].every((slot) => slots.has(slot)),
          `${name} ${key}: ${text}`,
        );
    }
  }
});

test("every marked term is in the glossary, and the same ones are marked in every language", () => {
  const english = byForm(languages[0].words);
  const marked = new Set();
  for (const { name, words } of languages) {
    for (const [key, forms] of byForm(words)) {
      for (const [form, text] of Object.entries(forms)) {
        assert.equal(text.split("<").length - 1, 2 * termsOf(text).length, `${name} ${key}: ${text}`);
        assert.deepEqual(
          termsOf(text),
          termsOf(english.get(key)?.[form] ?? english.get(key)?.[""] ?? ""),
          `${name} ${key}`,
        );
        for (const term of termsOf(text)) {
          marked.add(term);
          for (const part of ["title", "text", "example"])
            assert.ok(words.has(`terms.${term}.${part}`), `${key}: ${term}`);
        }
      }
    }
  }
  const explained = [...languages[0].words.keys()].filter((key) => /^terms\.\w+\.title$/.test(key));
  assert.deepEqual(
    explained.map((key) => key.split(".")[1]).filter((term) => !marked.has(term)),
    [],
    "explained, marked nowhere",
  );
});

test("a number chooses the form of the words and is printed as the page prints numbers", () => {
  startTranslation("en");
  assert.equal(t("tokens.count", { count: 1 }), "1 token");
  assert.equal(t("tokens.count", { count: 2048 }), "2,048 tokens");
  changeLanguage("zh-CN");
  assert.equal(t("tokens.count", { count: 1 }), "1 个词元");
  changeLanguage("en");
});

test("a reader's text is never read as a term or a slot", () => {
  startTranslation("en");
  const text = '<term name="logit">{{model}}</term> $t(name)';
  const values = { query: text };
  const found = pieces("tour.stop.merges.text", values);
  assert.deepEqual(
    found.flatMap(({ term }) => (term ? [term] : [])),
    termsOf(languages[0].words.get("tour.stop.merges.text") ?? ""),
  );
  assert.ok(found.some(({ words }) => words.includes(text)));
  assert.equal(t("tour.stop.merges.text", values), found.map(({ words }) => words).join(""));
});

test("every key a view names has words", () => {
  for (const path of [...sources("views/"), "start_page.jsx"]) {
    for (const [, key] of read(path).matchAll(/(?:\bt\(\s*|<Prose\s+words=)"([\w.-]+)"/g)) {
      assert.ok(byForm(languages[0].words).has(key), `${path}: ${key}`);
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

test("Chinese has its own punctuation and one word for one thing", () => {
  const words = languages.find(({ name }) => name === "zh-CN")?.words ?? new Map();
  for (const [key, text] of words) {
    assert.doesNotMatch(text, /\p{Script=Han}[,:;?!()]|[,:;?!()]\p{Script=Han}/u, key);
    assert.doesNotMatch(text, /采样|丢弃|飘带|计算机|你|存储的运行/, key);
  }
});

test("every error code of the seams has words", () => {
  const seams = readFileSync(new URL("../docs/seams.md", WEB), "utf8");
  const codes = seams.slice(seams.indexOf("Error codes:"), seams.indexOf("## Stored runs")).matchAll(/`(\w+)`/g);
  for (const [, code] of codes) assert.ok(languages[0].words.has(`problem.${code}`), code);
});
