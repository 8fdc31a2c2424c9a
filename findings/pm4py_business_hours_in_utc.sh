#!/usr/bin/env bash
# pm4py 2.7.23.11: business hours are counted on the clock of Greenwich.
#
# One would guess: a morning's work from eight to twelve counts four hours, since the moments say "+08:00".
# It does: moments become UTC, and the default week (Monday to Friday, seven to five) is laid over UTC: three in the
#   afternoon to one at night in China. The morning counts nothing, the evening counts whole. Moments without a zone
#   are counted as written.
# Seen: Monday 08:00 to 12:00 +08:00 -> 0 s; 18:00 to 22:00 +08:00 -> 14400 s; 08:00 to 12:00 without a zone -> 14400
#   s.
# Why it matters: terms run on working time. An office that does everything by noon looks as if it needed no time at
#   all, or a day more.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check pm4py==2.7.23.11 pandas==3.1.1
cd "$room"
"$room/venv/bin/python" - <<'PY' 2> errors.txt || { cat errors.txt; exit 1; }
import pandas
import pm4py


def worked(start, end):
    rows = pandas.DataFrame({"matter": ["1", "1"], "step": ["take", "finish"], "at": pandas.to_datetime([start, end])})
    log = pm4py.format_dataframe(rows, case_id="matter", activity_key="step", timestamp_key="at")
    return pm4py.get_all_case_durations(log, business_hours=True)


morning = worked("2026-11-30T08:00:00+08:00", "2026-11-30T12:00:00+08:00")
evening = worked("2026-11-30T18:00:00+08:00", "2026-11-30T22:00:00+08:00")
unzoned = worked("2026-11-30T08:00:00", "2026-11-30T12:00:00")
print("morning", morning, "evening", evening, "no zone", unzoned)
assert morning == [0.0] and evening == [14400.0] and unzoned == [14400.0]
PY
