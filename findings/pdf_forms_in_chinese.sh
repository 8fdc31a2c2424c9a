#!/usr/bin/env bash
# pypdf 7.1.1 and reportlab 5.1.0: a form field filled with Chinese holds the text and shows question marks; made so,
#   KeyError.
#
# One would guess: what get_form_text_fields gives back is what stands on the paper.
# It does: pypdf stores the value and draws the field's picture in the form's Helvetica, where Chinese signs become
#   "?" (it logs a line; auto_regenerate, which leaves the drawing to the viewer, is off unless asked). reportlab
#   cannot make a field whose first value is Chinese: it raises KeyError with a code point.
# Seen: value "九亭镇 A12"; drawn "(??? A12) Tj"; reportlab KeyError: 20061.
# Why it matters: forms of higher offices are filled by machine and printed at the counter. A test that reads the
#   value back is green.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check pypdf==7.1.1 reportlab==5.1.0
cd "$room"
"$room/venv/bin/python" - <<'PY'
import io
import re

from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas


def form(value):
    file = io.BytesIO()
    page = Canvas(file)
    page.drawString(50, 720, "Holder")
    page.acroForm.textfield(name="holder", x=50, y=690, width=300, height=20, value=value)
    page.showPage()
    page.save()
    return file


writer = PdfWriter(form(""))
writer.update_page_form_field_values(writer.pages[0], {"holder": "九亭镇 A12"}, auto_regenerate=False)
filled = io.BytesIO()
writer.write(filled)
reader = PdfReader(filled)
picture = reader.pages[0]["/Annots"][0].get_object()["/AP"]["/N"].get_object().get_data()
drawn = re.search(rb"\(([^)]*)\) Tj", picture)[1]
value = reader.get_form_text_fields()["holder"]
try:
    form("九亭")
    raised = None
except KeyError as reason:
    raised = reason.args[0]
print("value", value, "drawn", drawn, "reportlab KeyError", raised)
assert value == "九亭镇 A12"
assert drawn == b"??? A12"
assert raised == ord("九")
PY
