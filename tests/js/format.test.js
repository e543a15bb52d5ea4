import assert from "node:assert/strict";
import { test } from "node:test";
import { formatMegabytes, formatNumber, formatShare, ordinal } from "../../web/format.js";
import { barLengths } from "../../web/layout/bars.js";

test("a percentage claims no more than it knows", () => {
  const cases = /** @type {const} */ ([
    [0, "0 %"],
    [0.00005, "<0.01 %"],
    [0.0001, "0.01 %"],
    [0.00994, "0.99 %"],
    [0.0307, "3.07 %"],
    [0.09996, "10.0 %"],
    [0.241, "24.1 %"],
    [0.9994, "99.9 %"],
    [0.99999, ">99.9 %"],
    [1, "100 %"],
  ]);
  for (const [probability, words] of cases) assert.equal(formatShare(probability, "en"), words.replace(" ", "\u00a0"));
});

test("numbers are rounded and grouped", () => {
  assert.equal(formatNumber(1234567.891, "en", 2), "1,234,567.89");
  assert.equal(formatNumber(-1234, "zh-CN"), "-1,234");
  assert.equal(formatNumber(999, "en"), "999");
});

test("megabytes have a decimal only while they are few", () => {
  assert.equal(formatMegabytes(4_260_000, "en"), "4.3");
  assert.equal(formatMegabytes(125_300_000, "en"), "125");
});

test("what counts from 0 inside counts from 1 on the page", () => assert.equal(ordinal(0), 1));

test("the longest bar is full, and nothing is divided by nothing", () => {
  assert.deepEqual(barLengths([0.5, 0.25, 0]), [1, 0.5, 0]);
  assert.deepEqual(barLengths([0, 0]), [0, 0]);
});
