#!/usr/bin/env bash
# CPython's codec gb18030 (3.11; the machine's own python3) against ICU in Node and the standard of 2022.
#
# One would guess: "gb18030" means the same signs in Python and in a browser.
# It does: since GB 18030-2022 (compulsory since August 2023) the two-byte codes A6D9 to A6F3 and FE59 to FEA0 stand
#   for signs that Unicode has: 18 of them. Python still maps these to private-use code points, which no font draws
#   and no search finds. The other way round Python writes the real sign as four bytes. iconv-lite 0.7.0 in Node is as
#   old as Python.
# Seen: FE59 -> U+E81E in Python, U+9FB4 in Node's TextDecoder; A6D9 -> U+E78D and U+FE10. Python is older still: A8BC
#   -> U+E7C7, which the edition of 2005 already made U+1E3F, and iconv-lite has that one right.
# Why it matters: lists from upper systems come in this encoding. The same name typed on a page and read from a file
#   are two names that look alike on one machine and are a box on the next.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund iconv-lite@0.7.0 > npm.log 2>&1 || { cat npm.log; exit 1; }
codes="fe59 fe61 fe66 fe67 fe6d fe7e fe90 fea0 a6d9 a6da a6f3 82359037"
python3 - $codes > python.txt <<'PY'
import sys

for code in sys.argv[1:]:
    print(code, f"{ord(bytes.fromhex(code).decode('gb18030')):x}")
PY
node - $codes > node.txt <<'JS'
for (const code of process.argv.slice(2)) {
  console.log(code, new TextDecoder("gb18030").decode(Buffer.from(code, "hex")).codePointAt(0).toString(16));
}
JS
node - $codes > iconv.txt <<'JS'
const iconv = require("iconv-lite");
for (const code of process.argv.slice(2)) {
  console.log(code, iconv.decode(Buffer.from(code, "hex"), "gb18030").codePointAt(0).toString(16));
}
JS
paste python.txt node.txt iconv.txt
node -e 'const b = Buffer.from("a8bc", "hex"), i = require("iconv-lite").decode(b, "gb18030");
require("node:assert").deepStrictEqual([new TextDecoder("gb18030").decode(b), i], ["\u1e3f", "\u1e3f"])'
python3 - <<'PY'
python, node, iconv = (dict(line.split() for line in open(name)) for name in ("python.txt", "node.txt", "iconv.txt"))
two_bytes = [code for code in python if len(code) == 4]
assert all(0xE000 <= int(python[code], 16) < 0xF900 for code in two_bytes)
assert all(not 0xE000 <= int(node[code], 16) < 0xF900 for code in two_bytes)
assert node["fe59"] == "9fb4" and node["a6d9"] == "fe10" and python["fe59"] == "e81e"
assert python["82359037"] == node["82359037"] == "9fb4"
assert iconv == python
assert bytes.fromhex("a8bc").decode("gb18030") == "\ue7c7"
assert "\u9fb4".encode("gb18030").hex() == "82359037"
PY
