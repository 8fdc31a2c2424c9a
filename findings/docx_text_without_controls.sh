#!/usr/bin/env bash
# python-docx 1.2.0: text in content controls, tracked insertions and fields is not in paragraph.text.
#
# One would guess: paragraph.text is what one reads on the page.
# It does: only runs and hyperlinks right below the paragraph count. What somebody typed into a control of the form,
#   what was inserted with "track changes" on, and the result of a field are left out; a control round a whole
#   paragraph hides the paragraph from document.paragraphs.
# Seen: on the page "Holder: roads office (new) 2026"; paragraph.text "Holder: "; the paragraph within a control is
#   not listed.
# Why it matters: forms of higher offices are built from controls. A reader of such a form finds all questions and no
#   answers, and a check "is the holder filled in" fails on the full ones only.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check python-docx==1.2.0 lxml==6.1.3
cd "$room"
"$room/venv/bin/python" - <<'PY'
import docx
from docx.oxml import parse_xml

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


form = docx.Document()
line = form.add_paragraph("Holder: ")
line._p.append(parse_xml(f"<w:sdt {W}><w:sdtContent>{run('roads office')}</w:sdtContent></w:sdt>"))
line._p.append(parse_xml(f'<w:ins {W} w:id="1" w:author="clerk">{run(" (new)")}</w:ins>'))
line._p.append(parse_xml(f'<w:fldSimple {W} w:instr="DATE">{run(" 2026")}</w:fldSimple>'))
whole = f"<w:sdt {W}><w:sdtContent><w:p>{run('Reason')}</w:p></w:sdtContent></w:sdt>"
form.element.body.insert(0, parse_xml(whole))
form.save("form.docx")
again = docx.Document("form.docx")
shown = "".join(node.text for node in again.element.body.iter(docx.oxml.ns.qn("w:t")))
read = [paragraph.text for paragraph in again.paragraphs]
print("in the file:", shown, "| read:", read)
assert shown == "ReasonHolder: roads office (new) 2026"
assert read == ["Holder: "]
PY
