"""Whatever people may read in Chinese has its English, with the same facts in it."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from tests.contracts.catalogue import PO, catalogue, compiled, in_code, in_template, renewed, spoken, untranslated
from tests.contracts.house import Code

begun = pytest.mark.skipif(not PO.exists(), reason="the English catalogue is not begun: make words")


@begun
def test_every_sentence_has_its_english() -> None:
    assert untranslated(spoken(), catalogue()) == []


@begun
def test_the_compiled_catalogue_is_the_one_that_was_written() -> None:
    assert PO.with_suffix(".mo").read_bytes() == compiled(catalogue())


@begun
def test_the_catalogue_holds_no_sentence_that_nobody_says() -> None:
    said = {one if isinstance(one, str) else one[0] for one in spoken()}
    kept = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue() if message.id}
    assert kept - said == set()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('title = _("工作台")', ["工作台"]),
        ('raise StepError("请写明{what}的理由。", what=what)', ["请写明{what}的理由。"]),
        ('reason = msg("由{post}承办", post=post)', ["由{post}承办"]),
        ('ngettext("{n} 天", "{n} 天", days)', [("{n} 天", "{n} 天")]),
        ('FAULTS = {"gap": "第 {seq} 条留痕不见了"}', ["第 {seq} 条留痕不见了"]),
        ('"""一句说明。"""', []),
        ('COLUMNS = ("工单编号", "受理时间")', []),
        ('name = f"{office}的岗位。"', []),
    ],
)
def test_what_is_said_is_found(line: str, said: list[object]) -> None:
    assert list(in_code(Code("web/desk/pages.py", line))) == said


def test_what_a_template_says_is_found() -> None:
    text = (
        '{% translate "跳到正文" %}{% blocktranslate trimmed with n=x %}\n  也可以打 {{ n }}\n{% endblocktranslate %}'
    )
    assert list(in_template(text)) == ["跳到正文", "也可以打 %(n)s"]


def test_a_sentence_without_english_or_with_other_facts_is_found() -> None:
    english = Catalog(locale="en")
    english.add("由{post}承办", "held by {office}")
    english.add("工作台", "Desk")
    english.add("通知", "")
    assert untranslated(["由{post}承办", "工作台", "通知", "场所"], english) == [
        "other facts in the English: 由{post}承办",
        "no English: 通知",
        "no English: 场所",
    ]


def test_renewing_keeps_what_was_translated_and_drops_what_nobody_says() -> None:
    english = Catalog(locale="en")
    english.add("工作台", "Desk")
    english.add("旧话", "Old")
    fresh = renewed({"工作台": ["web/desk/pages.py"], "场所": ["web/units/pages.py"]}, english)
    assert [(message.id, message.string) for message in fresh if message.id] == [("工作台", "Desk"), ("场所", "")]
