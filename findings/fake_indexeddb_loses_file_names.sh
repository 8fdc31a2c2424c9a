#!/usr/bin/env bash
# fake-indexeddb 6.2.8 in Node 20: a File goes in, a Blob without a name comes out.
#
# One would guess: the stand-in for tests keeps what browsers keep: the structured clone of a File is a File, with
#   name and day.
# It does: it clones with the structuredClone of the machine, and Node 20 makes a Blob of a File. No error; size and
#   kind are right.
# Seen: File "manhole.jpg" stored -> Blob, name undefined, lastModified undefined.
# Why it matters: reports without network wait on the phone in IndexedDB, photographs with them. A test against the
#   stand-in fails where the browser is right, or, once bent to pass, proves nothing about names and order. Store name
#   and day in fields of their own.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund fake-indexeddb@6.2.8 > npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const { File } = require("node:buffer");
require("fake-indexeddb/auto");
const done = (request) => new Promise((ok, no) => { request.onsuccess = () => ok(request.result); request.onerror = no; });
(async () => {
  const opening = indexedDB.open("waiting", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("reports");
  const store = await done(opening);
  const photo = new File(["abc"], "manhole.jpg", { type: "image/jpeg", lastModified: 5 });
  await done(store.transaction("reports", "readwrite").objectStore("reports").put({ photo, name: photo.name }, 1));
  const kept = await done(store.transaction("reports").objectStore("reports").get(1));
  console.log(kept, process.version);
  assert.ok(!(kept.photo instanceof File) && kept.photo instanceof Blob);
  assert.deepStrictEqual([kept.photo.name, kept.photo.lastModified], [undefined, undefined]);
  assert.deepStrictEqual([kept.photo.size, kept.photo.type, kept.name], [3, "image/jpeg", "manhole.jpg"]);
})();
JS
