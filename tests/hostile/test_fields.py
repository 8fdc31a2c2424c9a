"""Every field of every form × every nasty string; and what somebody says on the public form is stored as it was said."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.engine.folding import sound
from doudi.web.design.wording import say
from doudi.web.matters.models import Matter
from doudi.web.reports.models import Contact, Report
from doudi.web.triage.services import LONGEST_WORDS
from tests.hostile.conftest import LONG, Judge
from tests.hostile.words import NASTY, texts

#: in the short run every fourth of the list, each test another quarter of it
MOST = 1500


def some(quarter: int) -> list[str]:
    return list(texts(MOST, quarter)) if LONG else [*NASTY[quarter::4], "a\x00b"]


def test_what_is_said_on_the_public_form_is_stored_as_it_was_said(
    town: SimpleNamespace, client: Client, judge: Judge
) -> None:
    client.raise_request_exception = False
    for place, text in enumerate(some(0)):
        if not _can_be_sent(text):
            continue
        heard = text.replace("\x00", "").replace("\r\n", "\n").strip()
        form = {"words": text, "name": text[:60], "phone": text[:30], "address": text[:200], "nonce": f"n{place}"}
        answer = judge(f"words {place} {text[:20]!r}", lambda form=form: client.post("/report", form))
        report = Report.objects.order_by("-received_at", "-pk").first()
        if not heard or len(heard) > LONGEST_WORDS:
            assert answer.status_code == 200, text[:20]
            continue
        known = "scan/known.html" in [one.name for one in answer.templates]
        assert answer.status_code == 303 or known, (place, text[:40])
        assert report is not None
        if answer.status_code == 303:
            report = Report.objects.get(link_digest__isnull=False, pk=report.pk)
            assert report.words == sound(heard).strip(), (place, text[:40])
            page = judge(f"receipt {place}", lambda answer=answer: client.get(answer.headers["Location"]))
            assert "<script>alert(1)" not in page.content.decode()
    assert Contact.objects.count() > 20


@pytest.mark.parametrize("who", ["shift", "east_officer", "admin", "grid_east"] if LONG else ["shift"])
def test_no_search_and_no_filter_breaks(town: SimpleNamespace, client: Client, judge: Judge, who: str) -> None:
    client.raise_request_exception = False
    client.force_login(getattr(town.people, who))
    pages = (
        "/desk",
        "/search",
        "/reports",
        "/units",
        "/people",
        "/roster",
        "/duties",
        "/rulebook",
        "/notices",
        "/system",
        "/code",
        "/import",
        "/whose",
        "/pick/places",
        "/pick/kinds",
    )
    names = (
        "q",
        "tab",
        "kind",
        "area",
        "holder",
        "after",
        "before",
        "week",
        "view",
        "post",
        "state",
        "since",
        "until",
        "why",
        "office",
        "lane",
    )
    for place, text in enumerate(some(1)):
        if not _can_be_sent(text) or len(text) > 3000:
            continue
        # Each page meets each string in the long run; in the short one they take turns.
        for page in pages if LONG and place < len(NASTY) else (pages[place % len(pages)],):
            judge(f"{page} {text[:20]!r}", lambda page=page, text=text: client.get(page, dict.fromkeys(names, text)))


def test_no_step_breaks_and_what_it_says_is_kept_as_it_was_said(
    town: SimpleNamespace, client: Client, judge: Judge
) -> None:
    client.raise_request_exception = False
    client.post(f"/Q/{town.shop.code}", {"words": "门口有人摆摊占道"})
    matter, report = Matter.objects.get(), Report.objects.get()
    client.force_login(town.people.desk)
    steps = (
        f"/matters/{matter.number}/note",
        f"/reports/{report.number}/tell",
        f"/matters/{matter.number}/dispatch",
        "/desk/bulk",
        "/import",
    )
    fields = (
        "words",
        "kind",
        "holder",
        "unit",
        "area",
        "supports",
        "version",
        "system",
        "action",
        "row",
        "kept",
        "notice",
        "file",
        "reached",
    )
    for place, text in enumerate(some(2)):
        if not _can_be_sent(text):
            continue
        for step in steps if LONG and place < len(NASTY) else (steps[place % len(steps)],):
            judge(f"{step} {text[:20]!r}", lambda step=step, text=text: client.post(step, dict.fromkeys(fields, text)))
    page = judge("matter", lambda: client.get(f"/matters/{matter.number}"))
    assert "<script>alert(1)" not in page.content.decode()
    assert say(matter.summary)


def _can_be_sent(text: str) -> bool:
    """A browser sends no half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
