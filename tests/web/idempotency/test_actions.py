"""The same asked twice is done once; other content under the same key is another action."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db import IntegrityError

from doudi.web.idempotency.models import Action
from doudi.web.idempotency.services import digest_of, outcomes, remember
from doudi.web.journal.services import unit_of_work

pytestmark = pytest.mark.django_db

ONE, OTHER = digest_of({"words": "井盖坏了"}), digest_of({"words": "路灯不亮"})


def test_content_has_one_digest_whatever_its_order() -> None:
    assert digest_of({"a": 1, "b": ["x", None]}) == digest_of({"b": ["x", None], "a": 1})
    assert ONE != OTHER


def test_nobody_without_the_towns_secret_can_try_phones_against_a_digest(settings: LazySettings) -> None:
    before = digest_of({"phone": "13900771103"})
    settings.SECRET_KEY = "of another town"
    assert digest_of({"phone": "13900771103"}) != before


def test_the_first_answer_holds_for_the_same_key_and_content() -> None:
    remember([(("form:1", ONE), {"report": "r1"}), (("form:1", OTHER), {"report": "r2"})])
    assert outcomes([("form:1", ONE)]) == {("form:1", ONE): {"report": "r1"}}
    assert outcomes([("form:2", ONE)]) == {}
    asked = [("form:1", ONE), ("form:1", OTHER), ("form:2", OTHER)]
    assert outcomes(asked) == {asked[0]: {"report": "r1"}, asked[1]: {"report": "r2"}}


def twice() -> None:
    with unit_of_work():
        remember([(("form:1", ONE), {"report": "r2"})])


def test_a_twin_that_was_faster_is_met() -> None:
    remember([(("form:1", ONE), {"report": "r1"})])
    with pytest.raises(IntegrityError):
        twice()
    assert Action.objects.get().outcome == {"report": "r1"}
