"""``make long NAME=proxy``: the reverse proxy that we ship, run before a served town and tried. Needs nginx; loopback only."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from doudi.web import clock
from tests.faults.place import Place
from tests.faults.test_torn import LINE, form
from tests.postgres import free_port
from tests.web.operations.wire import Wire, ask, content, status

NAME = "doudi.example.gov.cn"
CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
_BOUNDARY = {"Content_Type": f"multipart/form-data; boundary={LINE.decode()}"}


class Secret(Wire):
    """A connection by TLS, which believes any certificate."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.socket: socket.socket = context.wrap_socket(self.socket, server_hostname=NAME)


@contextmanager
def proxied(behind: int, folder: Path) -> Iterator[tuple[int, int]]:
    """nginx with the shipped configuration, its four lines changed as the guide says. Gives its ports, plain and TLS."""
    plain, tls = free_port(), free_port()
    _certificate(folder)
    text = CONFIGURATION.read_text(encoding="utf-8")
    for old, new in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{behind};"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl"),
        ("/etc/nginx/doudi.crt", str(folder / "doudi.crt")),
        ("/etc/nginx/doudi.key", str(folder / "doudi.key")),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    whole = folder / "nginx.conf"
    stores = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nuser root;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{stores}{text}\n}}\n"
    )
    nginx = shutil.which("nginx") or sys.exit("nginx is not installed: apt install nginx-light")
    subprocess.run([nginx, "-t", "-q", "-c", whole], check=True)
    process = subprocess.Popen([nginx, "-c", whole])
    try:
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", tls), 5).close()
                break
            except OSError:
                continue
        yield plain, tls
    finally:
        process.terminate()
        process.wait(30)


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = clock.now()
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    )
    (folder / "doudi.crt").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "doudi.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def tried(place: Place, plain: int, tls: int) -> Iterator[str]:
    """What was tried, one sentence after the other; an assertion says what does not hold."""
    code, here = place.town["shop"], {"Host": NAME}

    def get(path: str, **headers: str) -> bytes:
        return Secret(tls).send(ask("GET", path, **here, **headers)).all()

    moved = Wire(plain).send(ask("GET", "/report", **here)).all()
    assert status(moved) == 301 and f"https://{NAME}/report".encode() in moved
    yield "plain HTTP is sent to HTTPS"
    page = get(f"/Q/{code}")
    assert status(page) == 200 and b"strict-transport-security" in page.lower()
    yield "a page comes, with HSTS"
    assert status(get("/metrics")) == 404
    yield "figures are not given outside"
    mark = re.search(rb'name="mark" value="([^"]+)"', content(page))
    assert mark
    body = form(mark[1].decode())
    head = ask("POST", f"/Q/{code}", **here, **_BOUNDARY, Content_Length=str(len(body)))
    for at in range(1, len(body), 97):
        torn = Secret(tls).send(head + body[:at])
        torn.socket.close()
    slow = [Secret(tls).send(head + body[:9]) for _ in range(100)]
    assert status(get(f"/Q/{code}")) == 200
    yield "a hundred slow bodies hold nobody up"
    assert status(Secret(tls).send(head + body).all()) == 303
    (stored,) = place.witness("said")["reports"]
    assert stored["photos"] == 1 and stored["secrecy"] == "secret", stored
    yield "torn reports are none, and the whole one is whole"
    chunked = ask("POST", f"/Q/{code}", **here, **_BOUNDARY, Transfer_Encoding="chunked")
    again = Secret(tls).send(chunked + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)).all()
    assert status(again) == 303, again[:600]
    assert len(place.witness("said")["reports"]) == 1, place.witness("said")
    yield "the same report in chunks is known"
    assert status(Secret(tls).send(ask("POST", "/report", **here, Content_Length=str(65 << 20))).all()) == 413
    yield "more than 64 MB is refused"
    for one in slow:
        one.socket.close()


@click.command()
def main() -> None:
    with TemporaryDirectory(prefix="doudi-proxy-") as name:
        folder = Path(name)
        place = Place(folder / "town")
        place.env |= {
            "DOUDI_PROFILE": "production",
            "DOUDI_SITE_URL": f"https://{NAME}",
            "DOUDI_HOSTS": f"{NAME},127.0.0.1",
            "DOUDI_PROXIES": "1",
        }
        place.found()
        # Asked without the proxy, a page sends to HTTPS, which is not there: the server is up when its health answers.
        with place.served("health") as (port, _), proxied(port, folder) as (plain, tls):
            for sentence in tried(place, plain, tls):
                click.echo(f"  {sentence}")


if __name__ == "__main__":
    main()
