"""A real Chromium against a live server: phone and wide screen, and a look by axe-core at each page.

Any request that leaves the server fails the test: no page of ours may ask anybody else for anything.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from doudi.web import clock
from tests.chromium import chromium
from tests.plugin import require_all
from tests.web.town import TUESDAY

HERE = Path(__file__).parent
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}
#: milliseconds that a page, or what is expected of it, may take on a machine that does much else; who waits less fails by chance
PATIENCE = 60_000
AXE = HERE / "vendor" / "axe.min.js"
expect.set_options(timeout=PATIENCE)
QUIET = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]


@pytest.fixture(autouse=True)
def _on_a_tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's threads stand on the small town's Tuesday, whatever day the machine has."""
    started = time.monotonic()
    monkeypatch.setattr(clock, "wall", lambda: TUESDAY + timedelta(seconds=time.monotonic() - started))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's sync API keeps an event loop running in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        playwright = sync_playwright().start()
        program = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
    except Exception as why:
        if require_all():
            raise
        pytest.skip(f"Chromium is here and does not start: {why}")
    yield program
    program.close()
    playwright.stop()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_browser(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., BrowserContext]]:
    """``open_browser(PHONE)`` is another person with a browser of their own; relative addresses go to the live server."""
    contexts: list[BrowserContext] = []
    strangers: list[str] = []
    errors: list[str] = []
    ours = urlsplit(live_server.url).netloc

    def watch(page: Page) -> None:
        page.on("request", lambda asked: strangers.append(asked.url) if _leaves(asked.url, ours) else None)
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: errors.append(f"{page.url}: {said.text}") if _is_fault(said.type, said.text) else None,
        )

    def open_one(viewport: dict[str, int] = WIDE, scripts: bool = True) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=viewport,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
            has_touch=viewport["width"] < 600,
            is_mobile=viewport["width"] < 600,
        )
        context.set_default_timeout(PATIENCE)
        context.on("page", watch)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()
    assert strangers == [], "a page asked somebody else"
    assert errors == [], "a page's scripts or its content policy complained"


def _leaves(url: str, ours: str) -> bool:
    asked = urlsplit(url)
    return asked.scheme in ("http", "https", "ws", "wss") and asked.netloc != ours


def _is_fault(kind: str, text: str) -> bool:
    """A refused page (4xx) is also written to the console, but tests of refusals want exactly that."""
    return kind == "error" and not text.startswith("Failed to load resource")


@pytest.fixture
def phone(open_browser: Callable[..., BrowserContext]) -> Page:
    return open_browser(PHONE).new_page()


@pytest.fixture
def wide(open_browser: Callable[..., BrowserContext]) -> Page:
    return open_browser(WIDE).new_page()


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """``shoot(page, "scan-390")`` keeps a picture under ``screenshots/`` when DOUDI_SCREENSHOTS names that folder."""
    folder = os.environ.get("DOUDI_SCREENSHOTS")

    def shoot_one(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return shoot_one


def barriers(page: Page) -> list[str]:
    """What axe-core finds on this page (WCAG 2.2 A and AA, best practices), one line for each element; empty when nothing."""
    # What a busy machine has read of a page by halves has names without their text.
    page.wait_for_load_state()
    # Through the debugger, not a script element: the page's own content policy stays in force.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [f"{rule['id']}: {node['html'][:160]} ({rule['help']})" for rule in found for node in rule["nodes"]]
