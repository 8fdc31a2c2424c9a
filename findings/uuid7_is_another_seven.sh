#!/usr/bin/env bash
# The package uuid7 0.1.0: its version 7 is an early draft's; read by the standard, its identifiers lie in the year
#   2203.
#
# One would guess: a package named uuid7 makes what RFC 9562 calls version 7: the first 48 bits are milliseconds since
#   1970.
# It does: the first 36 bits are seconds, then come fractions of one. The digit for the version is 7 all the same, so
#   every check passes. Among its own it sorts by time.
# Seen: 06b0… beside 01a2… of uuid-utils 1.2.0 in the same second; the time read from it by RFC 9562 is 176 years
#   ahead.
# Why it matters: matters are listed by identifier because that is by time. After a change to a standard maker
#   (uuid-utils, PostgreSQL 18, Python 3.14) the old ones count as the newest for good.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check uuid7==0.1.0 uuid-utils==1.2.0
cd "$room"
"$room/venv/bin/python" - <<'PY'
import time

import uuid_utils
from uuid_extensions import uuid7

draft, standard = uuid7(), uuid_utils.uuid7()
now = time.time()
years = (uuid_utils.UUID(str(draft)).timestamp / 1000 - now) / (365.25 * 86400)
print(draft, standard, round(years), "years off")
assert draft.version == standard.version == 7
assert abs(standard.timestamp / 1000 - now) < 60
assert years > 100
assert str(draft) > str(standard)
PY
