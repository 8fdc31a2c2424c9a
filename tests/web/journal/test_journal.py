"""Every fact has its leaf in the same transaction, and the chain tells when one was touched."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from django.db import transaction

from doudi.engine import journal as chain
from doudi.web.journal.models import FreeText, Head, Leaf
from doudi.web.journal.services import (
    Fact,
    JournalTransactionError,
    append,
    erase_texts,
    keep_text,
    text_payload,
    unit_of_work,
)
from doudi.web.matters.models import MatterEvent
from doudi.web.reports.models import ReportEvent
from doudi.web.triage.services import Incoming, receive


def links() -> list[chain.Link]:
    return [chain.Link(leaf.seq, leaf.body.encode(), leaf.hash) for leaf in Leaf.objects.order_by("seq")]


def head() -> chain.Head:
    row = Head.objects.get()
    return chain.Head(row.size, row.last_hash)


def test_each_event_has_one_leaf_and_the_chain_holds(town: SimpleNamespace) -> None:
    receive([Incoming(channel="scan", words="有人占道摆摊", unit_code=town.shop.code)])
    events = {*MatterEvent.objects.values_list("pk", flat=True), *ReportEvent.objects.values_list("pk", flat=True)}
    assert len(events) == 2
    assert events <= set(Leaf.objects.values_list("event", flat=True))
    assert chain.verify(links(), head()) is None


@pytest.mark.django_db
def test_a_fact_cannot_be_recorded_outside_a_transaction(transactional_db: None) -> None:
    with pytest.raises(JournalTransactionError):
        append(Fact.new("noted", "x", {}))


def test_what_is_rolled_back_leaves_no_leaf(town: SimpleNamespace) -> None:
    before = head()
    with transaction.atomic():
        receive([Incoming(channel="scan", words="垃圾")])
        transaction.set_rollback(True)
    assert head() == before


def test_people_s_words_are_committed_to_but_not_told(town: SimpleNamespace) -> None:
    with unit_of_work():
        words = keep_text("李先生电话里说摊贩骂人")
        append(Fact.new("noted", "x", text_payload(words)))
    assert words is not None
    body = Leaf.objects.order_by("-seq")[0].body
    assert "李先生" not in body
    told = json.loads(body)["payload"]["words"]["c"]
    assert told == chain.commitment(bytes(words.salt), "李先生电话里说摊贩骂人")


def test_erased_words_are_gone_and_the_chain_still_holds(town: SimpleNamespace) -> None:
    with unit_of_work():
        words = keep_text("要删除的话")
        append(Fact.new("noted", "x", text_payload(words)))
    assert words is not None
    erase_texts([words.pk])
    row = FreeText.objects.get(pk=words.pk)
    assert (row.text, bytes(row.salt)) == ("", b"")
    assert chain.verify(links(), head()) is None
