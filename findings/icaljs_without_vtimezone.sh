#!/usr/bin/env bash
# icalendar 7.3.2 (Python) writes, ical.js 2.2.1 reads: a meeting at nine is at five in the afternoon.
#
# One would guess: DTSTART;TZID=Asia/Shanghai names a zone that every program knows.
# It does: icalendar leaves out the VTIMEZONE component unless add_missing_timezones() is called, and ical.js (the
#   reader in Thunderbird and Nextcloud) knows only the zones that the file itself describes. It calls the time
#   "floating", so nine o'clock is nine o'clock of the machine that reads. On a desk in Shanghai all looks right; a
#   server in UTC is off by 8 hours. node-ical 0.26.1 knows the zone by its name.
# Seen: 09:00 in Shanghai, read with TZ=UTC -> 09:00Z floating; with add_missing_timezones() -> 01:00Z Asia/Shanghai.
# Why it matters: duty rosters and hearings go out as calendar files and are read by servers that send the reminders.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check icalendar==7.3.2 tzdata==2026.6
cd "$room"
npm install --silent --no-audit --no-fund ical.js@2.2.1 node-ical@0.26.1 > npm.log 2>&1 || { cat npm.log; exit 1; }
"$room/venv/bin/python" - <<'PY'
import pathlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

calendar = Calendar()
calendar.add("prodid", "-//town//roster//")
calendar.add("version", "2.0")
event = Event()
event.add("uid", "1")
event.add("dtstamp", datetime(2026, 11, 29, tzinfo=UTC))
event.add("dtstart", datetime(2026, 11, 30, 9, tzinfo=ZoneInfo("Asia/Shanghai")))
calendar.add_component(event)
pathlib.Path("plain.ics").write_bytes(calendar.to_ical())
assert b"TZID=Asia/Shanghai:20261130T090000" in calendar.to_ical() and b"VTIMEZONE" not in calendar.to_ical()
calendar.add_missing_timezones()
pathlib.Path("whole.ics").write_bytes(calendar.to_ical())
assert b"VTIMEZONE" in calendar.to_ical()
PY
TZ=UTC node - <<'JS'
const assert = require("node:assert");
const fs = require("node:fs");
const nodeIcal = require("node-ical");
import("ical.js").then(({ default: ICAL }) => {
  const read = (name) => {
    const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(name, "utf8")));
    for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
    const { startDate } = new ICAL.Event(calendar.getFirstSubcomponent("vevent"));
    return [startDate.toJSDate().toISOString(), startDate.zone.tzid];
  };
  const plain = read("plain.ics");
  const other = nodeIcal.sync.parseFile("plain.ics")["1"].start.toISOString();
  const whole = read("whole.ics");
  console.log("ical.js", plain, "node-ical", other, "with VTIMEZONE", whole);
  assert.deepStrictEqual(plain, ["2026-11-30T09:00:00.000Z", "floating"]);
  assert.strictEqual(other, "2026-11-30T01:00:00.000Z");
  assert.deepStrictEqual(whole, ["2026-11-30T01:00:00.000Z", "Asia/Shanghai"]);
});
JS
