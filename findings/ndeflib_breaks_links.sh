#!/usr/bin/env bash
# ndeflib 0.3.3: the property .uri of an NFC tag's web address breaks every link with a query.
#
# One would guess: a URI that was written comes back the same from .uri (the standard's word), and .iri is the form to
#   show.
# It does: .uri quotes the address once more: "?k=abc" becomes "?k%3Dabc", and a "%E4" becomes "%25E4". .iri is
#   unchanged.
# Seen: https://doudi.example/p/12?k=abc -> .iri the same, .uri https://doudi.example/p/12?k%3Dabc.
# Why it matters: plaques carry a tag beside the printed code. A tool that checks tags before they are screwed on, or
#   copies one, sees or writes a link that opens nothing.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check ndeflib==0.3.3
cd "$room"
"$room/venv/bin/python" - <<'PY'
import ndef

for link, broken in [
    ("https://doudi.example/p/12?k=abc", "https://doudi.example/p/12?k%3Dabc"),
    ("https://doudi.example/p/%E4%B9%9D", "https://doudi.example/p/%25E4%25B9%259D"),
    ("https://doudi.example/s?a=1&b=2", "https://doudi.example/s?a%3D1%26b%3D2"),
]:
    (tag,) = ndef.message_decoder(b"".join(ndef.message_encoder([ndef.UriRecord(link)])))
    print("iri", tag.iri, "uri", tag.uri)
    assert tag.iri == link
    assert tag.uri == broken
PY
