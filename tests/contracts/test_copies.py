"""Every copy of what a person said is on one list: a column, a way to free words or a folder that is not there is red."""

from __future__ import annotations

import re

from django.apps import apps
from django.db import models

from doudi.web.disputes.services import erasing as of_disputes
from doudi.web.journal.models import FreeText
from doudi.web.looks.models import Look
from doudi.web.mandatory.services import erasing as of_mandatory
from doudi.web.matters.services import erasing as of_matters
from doudi.web.reports.models import ReportEvent
from doudi.web.retention.models import PersonalRequest
from doudi.web.shifts.models import Handover, HandoverItem, Slip
from doudi.web.shifts.services import erasing as of_shifts
from tests.contracts.house import ROOT

PAGE = (ROOT / "docs" / "security" / "copies.md").read_text(encoding="utf-8")
_TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)
_COLUMN = re.compile(r"`((?:auth|axes|django|doudi)_\w+)\.(\w+|\*)`")


def columns() -> set[tuple[str, str]]:
    """Every column that can hold words; what can only hold one of a few names is none."""
    return {
        (table._meta.db_table, field.column)
        for table in apps.get_models(include_auto_created=True)
        for field in table._meta.concrete_fields
        if isinstance(field, _TEXTS) and not field.choices
    }


def unlisted(page: str, there: set[tuple[str, str]]) -> list[str]:
    """Columns that the page does not name."""
    named = set(_COLUMN.findall(page))
    return sorted(f"{table}.{column}" for table, column in there if not {(table, column), (table, "*")} & named)


def strangers(page: str, there: set[tuple[str, str]]) -> list[str]:
    """What the page names and no model has."""
    tables = {table._meta.db_table for table in apps.get_models(include_auto_created=True)}
    return sorted(
        f"{table}.{column}"
        for table, column in _COLUMN.findall(page)
        if (column == "*" and table not in tables) or (column != "*" and (table, column) not in there)
    )


def test_every_column_that_can_hold_words_is_on_the_list() -> None:
    assert unlisted(PAGE, columns()) == []
    assert strangers(PAGE, columns()) == []


def test_a_new_column_is_missed() -> None:
    assert unlisted(PAGE, columns() | {("doudi_reports_report", "diary")}) == ["doudi_reports_report.diary"]
    assert unlisted(PAGE.replace("`doudi_matters_demand.asks`", ""), columns()) == ["doudi_matters_demand.asks"]
    assert strangers(PAGE, columns() - {("doudi_matters_demand", "asks")}) == ["doudi_matters_demand.asks"]


#: free words that no erasure reaches, each with its reason
STAY = {
    (Look, "purpose"): "what somebody looked for is the proof of the look",
    (PersonalRequest, "words"): "erased with the request",
    (PersonalRequest, "answer"): "erased with the request",
    (Handover, "minutes"): "of a shift, about no report",
    (Slip, "why"): "why paper was not used",
    (ReportEvent, "words"): "erased with the report, by reports.services itself",
}


def test_all_free_words_about_a_report_are_reached() -> None:
    """A new foreign key to ``FreeText`` is either on the way of an erasure or has a reason."""
    reached = {(table, column) for table, names in of_matters.WORDS for column in names}
    for words in (of_disputes.WORDS, of_mandatory.WORDS):
        reached |= {(table, column) for table, _way, names in words for column in names}
    reached |= {(HandoverItem, name) for name in of_shifts.WORDS}
    keys = {
        (table, field.name)
        for table in apps.get_models()
        for field in table._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is FreeText
    }
    others = {(table, name) for table, name in keys - reached if table not in {one for one, _name in STAY}}
    # Of a rulebook's version, of what is kept for answers, of the month's report to above and of signs: about no report.
    no_report = {
        "VersionEvent.words",
        "PhraseEvent.words",
        "KeptAnswerEvent.words",
        "ProblemReport.words",
        "BatchVoiding.words",
    }
    assert {f"{table.__name__}.{name}" for table, name in others} == no_report
    assert set(STAY) <= keys
