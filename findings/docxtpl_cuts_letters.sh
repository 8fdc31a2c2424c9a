#!/usr/bin/env bash
# docxtpl 0.20.2: a name such as "R&D中心" takes the rest of the sentence with it, and "<5" becomes "5".
#
# One would guess: the template is Word, the value is text, so the text stands in the document; or the broken XML
#   raises.
# It does: values go into the XML as they are, and the parser mends what breaks by leaving it out. render(...,
#   autoescape=True) keeps all. A name that was not given prints nothing, None prints "None".
# Seen: "致{{ owner }}：请于三日内整改。" with "R&D中心" -> "致R"; with "高度<5米" -> "致高度5米：…"; with autoescape both whole.
# Why it matters: letters to firms are made this way, and the letter that lost its term and its order still looks like
#   one. A limit "less than 5" turns into "5".
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check docxtpl==0.20.2 python-docx==1.2.0 jinja2==3.1.6 lxml==6.1.3
cd "$room"
"$room/venv/bin/python" - <<'PY'
import io

import docx
from docxtpl import DocxTemplate


def letter(values, **options):
    blank = docx.Document()
    blank.add_paragraph("致{{ owner }}：请于三日内整改。")
    file = io.BytesIO()
    blank.save(file)
    file.seek(0)
    template = DocxTemplate(file)
    template.render(values, **options)
    return template.docx.paragraphs[0].text


firm, height = letter({"owner": "R&D中心"}), letter({"owner": "高度<5米"})
none, missing = letter({"owner": None}), letter({})
kept = letter({"owner": "R&D中心"}, autoescape=True)
print(firm, height, none, missing, kept, sep="\n")
assert firm == "致R"
assert height == "致高度5米：请于三日内整改。"
assert none == "致None：请于三日内整改。" and missing == "致：请于三日内整改。"
assert kept == "致R&D中心：请于三日内整改。"
PY
