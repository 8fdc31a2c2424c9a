"""The page behind a plaque: which place, that it is true, and nothing for those who guess."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.test import Client

from doudi.web.rulebook.queries import rulebook_on
from doudi.web.units.models import Plaque
from doudi.web.units.services import NewUnit, mint_plaques, mint_units, revoke_plaque
from tests.web.scan.steps import GAS, mark_on
from tests.web.town import EAST_GRID, actor

pytestmark = pytest.mark.only("sqlite", "pages over services that tests/web/triage asks")


def test_a_passer_by_sees_which_place_it_is_and_whose_site(
    town: SimpleNamespace, passer_by: Client, settings: LazySettings
) -> None:
    settings.SITE_URL = "https://town.example"
    page = passer_by.get(f"/Q/{town.shop.code}")
    words = page.content.decode()
    assert page.status_code == 200
    for seen in (
        "东苑面馆",
        "东苑面馆前",
        "东苑居民区",
        "town.example",
        "0123-4567-89AB-C",
        "12345",
        "从不索要钱款、验证码、身份证号",
    ):
        assert seen in words


def test_the_page_is_the_same_however_the_code_is_typed(town: SimpleNamespace, passer_by: Client) -> None:
    for typed in ("0123456789abc", "O123-4567-89AB-C", "%EF%BC%90123456789ABC", "0123456789ABC/"):
        assert "东苑面馆" in passer_by.get(f"/Q/{typed}").content.decode()
    assert "东苑面馆" in passer_by.get("/q/0123456789abc").content.decode()


def test_a_typed_code_leads_to_its_place(town: SimpleNamespace, passer_by: Client) -> None:
    assert passer_by.get("/code", {"code": "o123 4567-89ab c"})["Location"] == "/Q/0123456789ABC"
    assert passer_by.get("/code", follow=True).status_code == 404


def test_unknown_void_unborn_and_malformed_codes_give_the_same_bytes(town: SimpleNamespace, passer_by: Client) -> None:
    printed_only = mint_units([NewUnit("spot", "未张贴", EAST_GRID)])[0]
    mint_plaques([printed_only], "B1")
    ended = mint_units([NewUnit("spot", "已注销", EAST_GRID)])[0]
    type(ended).objects.filter(pk=ended.pk).update(until="2026-01-01")
    mint_plaques([ended], "B1", state=Plaque.State.ACTIVE)
    revoke_plaque(actor(town.people.shift), Plaque.objects.get(unit=town.spot), "丢失")
    codes = [
        "00000000000AA",
        printed_only.code,
        ended.code,
        town.spot.code,
        "nonsense",
        "<b>",
        "0123456789ABD",
        "a/b/c",
    ]
    answers = [passer_by.get(f"/Q/{code}") for code in codes]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    words = answers[0].content.decode()
    assert 'action="/report"' in words and "12345" in words and "没有认出" in words


def test_no_page_names_other_reports_counts_or_people(town: SimpleNamespace, passer_by: Client) -> None:
    words = passer_by.get(f"/Q/{town.shop.code}").content.decode()
    assert "先生" not in words and "此处在办" not in words and "121." not in words


def test_addresses_that_tell_where_somebody_stood_are_told_to_nobody(town: SimpleNamespace, passer_by: Client) -> None:
    for path in (f"/Q/{town.shop.code}", "/Q/none", "/report"):
        page = passer_by.get(path)
        assert page["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page["X-Robots-Tag"]


def test_a_page_needs_nothing_from_elsewhere_and_no_script_inside(town: SimpleNamespace, passer_by: Client) -> None:
    for path in (f"/Q/{town.shop.code}", "/report", "/", "/login"):
        words = passer_by.get(path).content.decode()
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', words)
        assert not re.search(r"<script(?![^>]*\bsrc=)", words) and "<style" not in words
        assert not re.search(r'\s(?:style|on[a-z]+)="', words)


def test_looking_changes_nothing_and_sets_no_cookie(town: SimpleNamespace, passer_by: Client) -> None:
    assert not passer_by.get(f"/Q/{town.shop.code}").cookies
    assert not passer_by.get("/report").cookies


def test_each_form_has_a_mark_of_its_own(town: SimpleNamespace, passer_by: Client) -> None:
    path = f"/Q/{town.shop.code}"
    assert mark_on(passer_by.get(path)) != mark_on(passer_by.get(path))


def test_a_picture_of_danger_to_life_brings_its_call_with_it(
    town: SimpleNamespace, passer_by: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    gas = replace(rulebook_on().catalogue.kind(GAS), pickable=True, icon="flame")
    monkeypatch.setattr("doudi.web.scan.pages.queries.pickable", lambda: (gas,))
    words = passer_by.get(f"/Q/{town.shop.code}").content.decode()
    assert f'value="{GAS}" data-call="call-1"' in words
    box = words[words.index('id="call-1"') :]
    assert 'href="tel:119"' in box and box.index("先离开现场再打119") < box.index('name="words"')


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_spoken_here(town: SimpleNamespace, passer_by: Client, method: str) -> None:
    assert getattr(passer_by, method)(f"/Q/{town.shop.code}").status_code == 405


def test_reading_a_page_of_a_place_costs_few_questions_to_the_database(
    town: SimpleNamespace, passer_by: Client, django_assert_max_num_queries: object
) -> None:
    passer_by.get(f"/Q/{town.shop.code}")
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        passer_by.get(f"/Q/{town.shop.code}")
