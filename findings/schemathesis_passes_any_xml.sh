#!/usr/bin/env bash
# schemathesis 4.32.5: an answer in XML is never compared with its schema.
#
# One would guess: a response whose description has a schema is checked against it, or the tool says that it cannot.
# It does: bodies in JSON are checked, bodies in XML pass whatever they hold. No warning in Python.
# Seen: <nonsense/> passes as a list of services that need a service_code; [{"oops": 1}] fails in the same run.
# Why it matters: Open311 answers in XML first, JSON second. A contract test that is green for both has looked at one.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check schemathesis==4.32.5
cd "$room"
"$room/venv/bin/python" - <<'PY'
import http.server
import threading

import schemathesis

service = {
    "type": "object",
    "required": ["service_code"],
    "properties": {"service_code": {"type": "string"}},
    "xml": {"name": "service"},
}
services = {"type": "array", "items": service, "xml": {"name": "services", "wrapped": True}}


def answers(kind):
    return {"get": {"responses": {"200": {"description": "all", "content": {kind: {"schema": services}}}}}}


described = schemathesis.openapi.from_dict(
    {
        "openapi": "3.0.3",
        "info": {"title": "town", "version": "1"},
        "paths": {"/services.xml": answers("application/xml"), "/services.json": answers("application/json")},
    }
)


class Town(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind = self.path.partition("?")[0].rpartition(".")[2]
        body = {"xml": b"<nonsense/>", "json": b'[{"oops": 1}]'}[kind]
        self.send_response(200)
        self.send_header("Content-Type", f"application/{kind}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


town = http.server.HTTPServer(("127.0.0.1", 0), Town)
threading.Thread(target=town.serve_forever, daemon=True).start()
verdicts = {}
for path in ("/services.xml", "/services.json"):
    try:
        described[path]["GET"].Case().call_and_validate(base_url=f"http://127.0.0.1:{town.server_port}")
        verdicts[path] = "passes"
    except BaseException as found:
        verdicts[path] = "fails"
        reason = str(found)
town.shutdown()
print(verdicts)
assert verdicts == {"/services.xml": "passes", "/services.json": "fails"}
assert "service_code" in reason
PY
