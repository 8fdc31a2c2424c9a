"""Every figure on the page of parameters is read by something that people do; what nothing reads is said to be so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import doudi
from doudi.engine.danger.calls import Service
from doudi.engine.matters.vocabulary import ContactOutcome
from doudi.web import clock
from doudi.web.disputes import services as disputes
from doudi.web.edition_cache import forget_all
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Matter
from doudi.web.people.actor import PARTY
from doudi.web.reports.models import Report
from doudi.web.retention import services as retention
from doudi.web.rulebook.contents.figures import UNREAD, figures
from doudi.web.rulebook.documents import digest_of
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import Rulebook, rulebook_of, rulebook_on
from doudi.web.rulebook.wording import FIGURES
from doudi.web.triage.services import Incoming, receive
from doudi.web.upstream.services.forgetting import forget_files, forget_rows
from tests.web.files.hostile import photo
from tests.web.town import NO_PHOTO, TUESDAY, actor

SHIPPED: dict[str, Any] = yaml.safe_load(
    (Path(doudi.__file__).parent / "rulebook" / "parameters.yaml").read_text("utf-8")
)


class Watched(dict[str, Any]):
    """Figures that note by which path they are asked for."""

    def __init__(self, rows: Mapping[str, Any], path: str, read: set[str]) -> None:
        super().__init__(rows)
        self.path, self.read = path, read

    def __getitem__(self, key: str) -> Any:
        value, path = super().__getitem__(key), f"{self.path}.{key}" if self.path else key
        if isinstance(value, dict) and not {"amount", "unit"} <= value.keys():
            return Watched(value, path, self.read)
        self.read.add(path)
        return value

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else default  # noqa: SIM401 (it is what dict.get would pass by)


@pytest.fixture
def read(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The small town with the shipped figures, and the paths that were asked for so far."""
    version = Version.objects.get()
    documents = deepcopy(version.documents) | {"parameters": SHIPPED}
    Version.objects.update(documents=documents, digest=digest_of(documents))
    forget_all()
    asked: set[str] = set()
    monkeypatch.setattr(
        Rulebook, "parameters", property(lambda book: Watched(book.version.documents["parameters"], "", asked))
    )
    return asked


def paths(value: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for key, one in value.items():
        path = f"{before}.{key}" if before else key
        if isinstance(one, dict) and not {"amount", "unit"} <= one.keys():
            yield from paths(one, path)
        else:
            yield path


def a_day(town: SimpleNamespace) -> None:
    """What people do in a day, so that each figure is asked for by whoever follows it."""
    desk, shift = actor(town.people.desk), actor(town.people.shift)
    said = ("楼下有很浓的煤气味", "窨井井盖没有了", "有人占道摆摊", "我有一个建议")
    phone = {"phone": "19900000000"}
    rows = [Incoming("scan", words, unit_code=town.shop.code, **phone) for words in said]
    rows.append(Incoming("hotline", "垃圾没人清", unit_code=town.shop.code, system="区热线", external_id="1"))
    made = [one.matters[0] for one in receive(rows)]
    for matter in made:
        matters.add_support(desk, _fresh(matter), town.posts["market.food"], "请协助")
    stall = _fresh(made[2])
    matters.dispatch(desk, stall, kind="event.street.stall")
    officer = actor(town.people.east_officer)
    wish = matters.apply(
        officer, _fresh(stall), "transfer", reason="归市监", basis="三定", proposed_holder=town.posts["market.food"]
    )
    assert Application.objects.get(pk=wish.pk).due_at is not None
    dispute = disputes.open_dispute(desk, _fresh(made[3]), "说不清")
    for level in ("on_site", "town"):
        disputes.raise_level(desk, _again(dispute), "定不了", to=level)
    matters.void(desk, _fresh(made[4]), "误报")
    report = Report.objects.get(external_id="1")
    matters.answer_report(shift, report, "看过了")
    matters.reopen_report(shift, report, "还在", by_reporter=True)
    cleaner = actor(town.people.cleaner)
    (rubbish,) = receive([Incoming("scan", "垃圾没人清", unit_code=town.shop.code)], auto_dispatch=True)[0].matters
    matters.handle(cleaner, rubbish, "已清运，无法拍照", lacking=NO_PHOTO)
    (noise,) = receive([Incoming("scan", "晚上噪声扰民", unit_code=town.shop.code)])[0].matters
    matters.dispatch(desk, noise, kind="event.street.noise", holder=town.posts["greening.street"], text="请办")
    matters.handle(cleaner, _fresh(noise), "已劝阻，无法拍照", lacking=NO_PHOTO)
    (spot,) = receive([Incoming("scan", "垃圾没人清", unit_code=town.shop.code, **phone)], auto_dispatch=True)
    matters.handle(cleaner, _fresh(spot.matters[0]), "已清运，无法拍照", lacking=NO_PHOTO)
    if Matter.objects.get(pk=spot.matters[0].pk).status == Matter.Status.HANDLED:
        matters.verify(actor(town.people.grid_east), _fresh(spot.matters[0]), True, "已清")
    cleared = Report.objects.get(pk=spot.report.pk)
    matters.answer_report(cleaner, cleared, "已清运")
    matters.call_back(shift, cleared, ContactOutcome.NO_ANSWER)
    visitor, inside = Client(), Client()
    shot = SimpleUploadedFile("现场.jpg", photo(), content_type="image/jpeg")
    visitor.post(f"/Q/{town.shop.code}", {"words": "楼道里堆了东西", "photos": shot})
    inside.force_login(town.people.desk, backend="django.contrib.auth.backends.ModelBackend")
    assert inside.get(f"/matters/{made[3].number}").status_code == 200
    assert inside.get(f"/matters/{made[0].number}").status_code == 200
    assert inside.post(f"/reports/{report.number}/contact", {"outcome": "no_answer"}).status_code == 302
    assert inside.get(f"/reports/{report.number}").status_code == 200
    retention.ask(PARTY, _again(report), "see", "想看看留了什么")
    forget_files()
    forget_rows()
    assert rulebook_on().approvals


def _fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def _again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def test_each_figure_that_we_ship_is_followed_by_something_that_people_do(
    town: SimpleNamespace, read: set[str]
) -> None:
    with clock.at(TUESDAY + timedelta(minutes=1)):
        a_day(town)
    shipped = {path for path in paths(SHIPPED) if path != "source" and not path.startswith("phones.")}
    unread = shipped - read
    assert not unread, f"nothing follows from {sorted(unread)}"
    assert not UNREAD & read, "it is read: it has to leave UNREAD"


def test_each_number_that_we_ship_can_be_called() -> None:
    assert set(SHIPPED["phones"]) == {"hotline", *Service}


def test_the_page_says_of_what_an_older_version_bears_that_nothing_follows_from_it(town: SimpleNamespace) -> None:
    version = Version.objects.get()
    old = {"upstream_buffer": 3, "on_site_by": {"life": {"amount": 30, "unit": "minute"}}, "what": {"is_this": 1}}
    documents = deepcopy(version.documents)
    documents["parameters"] |= old
    Version.objects.update(documents=documents, digest=digest_of(documents))
    forget_all()
    unread = {one.path for one in figures(rulebook_of(1)) if one.is_unread}
    assert unread == {"upstream_buffer", "on_site_by.life", "what.is_this"}
    client = Client()
    client.force_login(town.people.desk, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/rulebook?view=figures").content.decode()
    assert page.count("现在不据此办理") == 3 and "不认识的参数" in page


def test_the_page_names_seats_posts_and_approvals(town: SimpleNamespace, read: set[str]) -> None:
    Version.objects.update(
        documents=Version.objects.get().documents
        | {"parameters": SHIPPED | {"tell_danger": {"life": ["leader", "uoc.duty"]}}}
    )
    forget_all()
    said = {one.path: str(one.value) for one in figures(rulebook_of(1))}
    assert said["publishing.approvals"] == "合法性审核、领导批准"
    assert said["tell_danger.life"] == "镇领导、城运值班岗"
    assert not [one for one in said if not wording_of(one)]


def wording_of(path: str) -> str:
    return str(FIGURES.get(path, ""))


def test_every_figure_has_a_name_and_none_stands_for_nothing() -> None:
    assert set(paths(SHIPPED)) <= set(FIGURES)
    assert set(FIGURES) - {"take_by", "reply_by"} <= set(paths(SHIPPED)) | UNREAD
