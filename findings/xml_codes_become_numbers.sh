#!/usr/bin/env bash
# fast-xml-parser 5.12.1: service codes, telephones and grid codes of an XML answer become numbers, but not all of
#   them.
#
# One would guess: XML without a schema has only text; a parser that guesses leaves leading zeros and "+" alone, or
#   guesses by element.
# It does: every text that looks like a number is one: zeros and the plus go, "12E03" is twelve thousand, "0x1F" is
#   31, "1.10" is 1.1. A number too long to be exact stays text, so one element is now a number, now a text, by its
#   value. parseTagValue: false ends it.
# Seen: 0012 -> 12; +8602112345678 -> 8602112345678; 12E03 -> 12000; 310114001 -> a number, 310114001001000123 -> a
#   text.
# Why it matters: it is the usual XML reader of JavaScript clients of Open311. A client sends back service_code=12,
#   and the town knows no such kind. Codes that begin with a letter survive.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund fast-xml-parser@5.12.1 > npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const { XMLParser } = require("fast-xml-parser");
const answer =
  "<service><code>0012</code><phone>+8602112345678</phone><grid>12E03</grid><lamp>0x1F</lamp><part>1.10</part>" +
  "<short>310114001</short><long>310114001001000123</long><safe>L0012</safe></service>";
const read = new XMLParser().parse(answer).service;
const told = new XMLParser({ parseTagValue: false }).parse(answer).service;
console.log(read, told.code);
assert.deepStrictEqual(read, {
  code: 12, phone: 8602112345678, grid: 12000, lamp: 31, part: 1.1, short: 310114001, long: "310114001001000123", safe: "L0012",
});
assert.deepStrictEqual([told.code, told.grid], ["0012", "12E03"]);
JS
