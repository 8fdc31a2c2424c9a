"""Everybody who works here reads the rulebook, view by view, in the version in force or an older one."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doudi.web.people.models import Post
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.services import load_folder
from tests.web.town import RULEBOOK


@pytest.fixture
def reader(town: SimpleNamespace) -> Client:
    browser = Client()
    browser.force_login(town.people.auditor, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def words(browser: Client, query: str = "") -> str:
    """The words of one view, without its filters."""
    answer = browser.get(f"/rulebook{query}")
    assert answer.status_code == 200, query
    return answer.content.decode().split('id="messages"')[1].split("</form>")[-1]


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("", "占道经营", "D-001"),
        ("?q=油烟", "油烟污染", "占道经营"),
        ("?group=event.street", "占道经营", "燃气泄漏"),
        ("?lane=life", "燃气", "占道经营"),
        ("?q=没有", "没有这样的事项", "占道"),
        ("?q=油烟 没有", "没有这样的事项", "油烟污染"),
        ("?view=rules", "D-005", 'class="group'),
        ("?view=rules&q=d-003", "区生态环境局", "D-001"),
        ("?view=rules&layer=statute", "D-006", "D-001"),
        ("?view=rules&layer=town_rule", "D-001", "D-006"),
        ("?view=rules&holder=sanitation.street", "D-002", "D-001"),
        ("?view=rules&kind=event.street.stall", "D-001", "D-002"),
        ("?view=rules&q=没有", "没有这样的规则", "D-001"),
        ("?view=modules", "承办岗", "D-001"),
        ("?view=roles", "城管东片岗", "D-001"),
        ("?view=calendar", "2027", "D-001"),
        ("?view=figures", "verify_sample_percent", "D-001"),
        ("?view=versions", "第 1 版", "D-001"),
        ("?view=nonsense", "占道经营", "D-001"),
    ],
)
def test_the_rulebook_is_read_view_by_view(reader: Client, query: str, shown: str, hidden: str) -> None:
    page = words(reader, query)
    assert shown in page and hidden not in page


def test_each_rule_is_said_whole_in_one_sentence(reader: Client) -> None:
    page = words(reader, "?view=rules&q=D-001")
    assert re.search(r"占道经营.*：由.+承办", page), page


def test_a_year_without_a_notice_is_called_provisional(reader: Client) -> None:
    page = words(reader, "?view=calendar")
    assert "暂定：放假通知还没有公布" in page and "正式" in page


def test_a_role_that_no_post_takes_is_marked(town: SimpleNamespace, reader: Client) -> None:
    before = words(reader, "?view=roles").count("没有岗位承担")
    Post.objects.filter(role="sanitation.street").update(until=date(2026, 11, 1))
    assert words(reader, "?view=roles").count("没有岗位承担") == before + 1


def test_version_source_and_digest_stand_above_the_rulebook(town: SimpleNamespace, reader: Client) -> None:
    page = reader.get("/rulebook").content.decode()
    assert "第 1 版" in page and town.rulebook.digest[:16] in page and town.rulebook.source in page


def _second_version(tmp_path: Path) -> None:
    copy = shutil.copytree(RULEBOOK, tmp_path / "rulebook")
    cover = yaml.safe_load((copy / "rulebook.yaml").read_text(encoding="utf-8"))
    (copy / "rulebook.yaml").write_text(
        yaml.safe_dump(cover | {"valid_from": date(2026, 11, 1)}, allow_unicode=True), encoding="utf-8"
    )
    rows = (copy / "duties" / "all.csv").read_text(encoding="utf-8").splitlines()
    (copy / "duties" / "all.csv").write_text(
        "\n".join(row for row in rows if not row.startswith("D-001")), encoding="utf-8"
    )
    load_folder(copy)


def test_an_older_version_is_read_as_it_stood_and_said_to_be_old(reader: Client, tmp_path: Path) -> None:
    _second_version(tmp_path)
    assert "D-001" not in words(reader, "?view=rules")
    old = words(reader, "?view=rules&version=1")
    assert "D-001" in old and "已失效" not in old
    assert "您在看第 1 版；现行的是第 2 版" in reader.get("/rulebook?version=1").content.decode()
    assert words(reader, "?view=versions").count("现行") >= 1


def test_what_is_not_published_is_not_there_for_readers(reader: Client, tmp_path: Path) -> None:
    _second_version(tmp_path)
    Version.objects.filter(number=1).update(state="draft")
    for number in ("1", "9", "x"):
        assert reader.get(f"/rulebook?version={number}").status_code == 404


def test_nobody_unknown_reads_the_rulebook(town: SimpleNamespace) -> None:
    assert Client().get("/rulebook")["Location"].startswith("/login")


@pytest.mark.parametrize("view", ["kinds", "rules", "roles", "versions"])
def test_a_view_asks_the_database_little(reader: Client, view: str) -> None:
    words(reader, f"?view={view}")
    with CaptureQueriesContext(connection) as asked:
        words(reader, f"?view={view}")
    assert len(asked) <= 12, [one["sql"] for one in asked]


@pytest.mark.parametrize("view", ["kinds", "rules", "modules", "roles", "calendar", "figures", "versions"])
def test_every_view_opens_in_english(reader: Client, view: str) -> None:
    reader.cookies["django_language"] = "en"
    assert '<html lang="en"' in reader.get(f"/rulebook?view={view}").content.decode()
