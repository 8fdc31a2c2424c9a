#!/usr/bin/env bash
# aiosmtpd 1.4.6: a test server that is given port 0 listens on a free port, says that it failed to start, and stays.
#
# One would guess: port 0 means "any free one", as for every server of the standard library; start() returns and the
#   port can be read. Or it refuses and nothing is left behind.
# It does: the socket is bound and serves, but before start() returns the controller greets itself at the port it was
#   given, 0, which nothing can listen on; ConnectionRefusedError comes out while thread and socket live on.
# Seen: start() raises ConnectionRefusedError, and a client that reads the port from the socket is answered 220.
# Why it matters: tests that name a fixed port collide when two run at once, and those who catch the error and try
#   again leak a server each time. Reading the port from server.sockets before the greeting ends it.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check aiosmtpd==1.4.6
env/bin/python - <<'PY'
import smtplib

from aiosmtpd.controller import Controller


class Nothing:
    """Takes no message."""


class AnyPort(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


controller = Controller(Nothing(), hostname="127.0.0.1", port=0)
try:
    controller.start()
except ConnectionRefusedError as error:
    print("start:", type(error).__name__)
else:
    raise SystemExit("it started: this has changed")
port = controller.server.sockets[0].getsockname()[1]
code, words = smtplib.SMTP().connect("127.0.0.1", port)
print("and yet:", code)
assert port > 0 and code == 220
controller.stop()

mended = AnyPort(Nothing(), hostname="127.0.0.1", port=0)
mended.start()
assert smtplib.SMTP().connect("127.0.0.1", mended.port)[0] == 220
mended.stop()
PY
