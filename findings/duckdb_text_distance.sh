#!/usr/bin/env bash
# DuckDB 1.4.4 against 2.0.1: levenshtein, damerau_levenshtein, jaccard and jaro_winkler count bytes in one, signs in
#   the other.
#
# One would guess: length('九亭') is 2, so the distance between two names that differ in one sign is 1.
# It does: 1.4.4 counts bytes of UTF-8 (three to a Chinese sign) in all of them while length counts signs; 2.0.1
#   counts signs.
# Seen: levenshtein('九亭', '九停') 3, then 1; damerau_levenshtein('九亭', '亭九') 4, then 1; jaccard 0.375, then 0.333;
#   jaro_winkler_similarity('九亭镇', '九停镇') 0.844, then 0.8.
# Why it matters: a threshold for "probably the same place" that was tried out on one version finds other pairs on the
#   next, and on 1.4.4 a wrong Chinese sign weighs three wrong Latin letters.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
for version in 1.4.4 2.0.1; do
  python3 -m venv "$room/$version"
  "$room/$version/bin/pip" install -q --disable-pip-version-check "duckdb==$version"
  "$room/$version/bin/python" - <<'PY'
import duckdb

((*found, length),) = duckdb.connect().execute(
    """select levenshtein('九亭', '九停'), damerau_levenshtein('九亭', '亭九'), round(jaccard('九亭', '九停'), 3),
              round(jaro_winkler_similarity('九亭镇', '九停镇'), 3), length('九亭')"""
).fetchall()
print(duckdb.__version__, found, "length:", length)
assert length == 2
assert found == {"1.4.4": [3, 4, 0.375, 0.844], "2.0.1": [1, 1, 0.333, 0.8]}[duckdb.__version__]
PY
done
