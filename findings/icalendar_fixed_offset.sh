#!/usr/bin/env bash
# icalendar 7.3.2: it writes a moment with "+08:00" so that neither it nor others read the offset back.
#
# One would guess: datetime.fromisoformat("2026-11-30T09:00:00+08:00") is one moment, so it goes out as 01:00 in UTC.
# It does: it invents a zone named "UTC+08:00". Nobody knows such a zone: icalendar itself reads nine o'clock without
#   a zone, and add_missing_timezones() finds no rules for it. No error. vobject 0.9.9 reads it without a zone too.
# Seen: written DTSTART;TZID="UTC+08:00":20261130T090000; read back 2026-11-30 09:00:00, tzinfo None.
# Why it matters: moments come from JSON with an offset, never with a place name. As UTC (astimezone) the same moment
#   survives.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check icalendar==7.3.2 vobject==0.9.9 tzdata==2026.6
cd "$room"
"$room/venv/bin/python" - <<'PY'
from datetime import UTC, datetime

import vobject
from icalendar import Calendar, Event

moment = datetime.fromisoformat("2026-11-30T09:00:00+08:00")


def calendar(start):
    event = Event()
    event.add("uid", "1")
    event.add("dtstamp", datetime(2026, 11, 29, tzinfo=UTC))
    event.add("dtstart", start)
    whole = Calendar()
    whole.add("prodid", "-//town//roster//")
    whole.add("version", "2.0")
    whole.add_component(event)
    return whole


written = calendar(moment).to_ical().decode()
back = Calendar.from_ical(written).walk("VEVENT")[0]["dtstart"].dt
other = vobject.readOne(written).vevent.dtstart.value
safe = Calendar.from_ical(calendar(moment.astimezone(UTC)).to_ical()).walk("VEVENT")[0]["dtstart"].dt
print([line for line in written.splitlines() if line.startswith("DTSTART")], back, other, safe)
assert 'DTSTART;TZID="UTC+08:00":20261130T090000' in written
assert back == datetime(2026, 11, 30, 9) and back.tzinfo is None
assert other.tzinfo is None
assert safe == moment
PY
