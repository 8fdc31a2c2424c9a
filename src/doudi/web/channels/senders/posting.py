"""One JSON object posted to an address that the town named, and the JSON that comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from doudi.web.channels.errors import ChannelError, SendError

SECONDS = 5.0
_MOST = 64 * 1024


class _Stay(HTTPRedirectHandler):
    """Elsewhere is not where the town said."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        return None


_OPENER = build_opener(_Stay(), ProxyHandler({}))


def checked_url(text: str) -> str:
    """The address of a robot or gateway as it was typed. Raises ChannelError for what is no such address."""
    parts = urlsplit(text.strip())
    try:
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        port_is_sound = False
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or not port_is_sound:
        raise ChannelError("网址要以 http:// 或 https:// 开头，写全主机名，不带用户名和密码。")
    return text.strip()


def post(url: str, body: object, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Post it and read the answer; an answer without a JSON object is an empty one. Raises SendError."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    sent = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Doudi", **(headers or {})}
    request = Request(url, data=raw, headers=sent, method="POST")
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            read = answer.read(_MOST)
    except HTTPError as error:
        error.close()
        busy = error.code in (408, 425, 429) or error.code >= 500
        raise SendError("对方回答 {code}。", code=error.code, again=busy, all_wait=busy) from error
    except (OSError, HTTPException) as error:
        raise SendError("连不上：{why}。", why=type(error).__name__, all_wait=True) from error
    try:
        found = json.loads(read)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
