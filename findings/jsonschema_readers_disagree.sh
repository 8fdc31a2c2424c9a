#!/usr/bin/env bash
# jsonschema 4.26.0 and jsonschema-rs 0.61.2: the same schema, two answers, for codes and for money.
#
# One would guess: two validators of one draft agree on a pattern and on a step.
# It does: jsonschema runs a pattern by Python's rules, where \d means every digit of Unicode; the standard means
#   ECMAScript's, as jsonschema-rs takes it. And jsonschema divides in binary: 19.99 is no multiple of 0.01.
# Seen: "^\d{6}$" with full-width digits: True and False; multipleOf 0.01 with 19.99: False and True.
# Why it matters: a keyboard in Chinese types full-width digits at one slip; the code passes the door and is found in
#   no list. Write [0-9], fold widths first, and keep money in whole cents.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check jsonschema==4.26.0 jsonschema-rs==0.61.2
cd "$room"
"$room/venv/bin/python" - <<'PY'
import jsonschema
import jsonschema_rs


def both(schema, value):
    return jsonschema.Draft202012Validator(schema).is_valid(value), jsonschema_rs.is_valid(schema, value)


code, money = {"type": "string", "pattern": r"^\d{6}$"}, {"type": "number", "multipleOf": 0.01}
seen = {
    "plain": both(code, "310114"),
    "full width": both(code, "３１０１１４"),
    "19.99": both(money, 19.99),
    "1.10": both(money, 1.1),
}
print(seen)
assert seen == {
    "plain": (True, True),
    "full width": (True, False),
    "19.99": (False, True),
    "1.10": (True, True),
}
PY
