#!/usr/bin/env bash
# pm4py 2.7.23.11: reading an OCEL 2.0 log leaves out matters without events and events without matters.
#
# One would guess: an object that the file lists is in log.objects; the format allows objects that nothing happened to
#   yet.
# It does: both are dropped while reading the JSON, without a word. Writing the log again makes it
#   final.
# Seen: matters m1 (one event) and m2 (none), events e1 (of m1) and e2 (of nothing) -> objects [m1], events [e1].
# Why it matters: the matter that nobody has touched is the one the town is looking for. "Open matters" counts without
#   them.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check pm4py==2.7.23.11 pandas==3.1.1
cd "$room"
"$room/venv/bin/python" - <<'PY' 2> errors.txt || { cat errors.txt; exit 1; }
import json

import pm4py


def matter(name):
    return {"id": name, "type": "matter", "attributes": [], "relationships": []}


def event(name, matters):
    links = [{"objectId": one, "qualifier": "about"} for one in matters]
    return {"id": name, "type": "receive", "time": "2026-11-29T08:00:00Z", "attributes": [], "relationships": links}


log = {
    "objectTypes": [{"name": "matter", "attributes": []}],
    "eventTypes": [{"name": "receive", "attributes": []}],
    "objects": [matter("m1"), matter("m2")],
    "events": [event("e1", ["m1"]), event("e2", [])],
}
with open("log.json", "w", encoding="utf-8") as file:
    json.dump(log, file)
read = pm4py.read_ocel2_json("log.json")
objects, events = read.objects["ocel:oid"].tolist(), read.events["ocel:eid"].tolist()
print("objects", objects, "events", events)
assert objects == ["m1"] and events == ["e1"]
pm4py.write_ocel2_json(read, "again.json")
with open("again.json", encoding="utf-8") as file:
    assert [one["id"] for one in json.load(file)["objects"]] == ["m1"]
PY
