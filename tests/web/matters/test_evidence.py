"""What a kind wants shown is asked for when the work is handed over; what is missing has a reason of its own sort, and is told."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from doudi.engine.kinds.evidence import AFTER_PHOTO, BEFORE_PHOTO, Lack
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.rulebook.services import load_folder
from tests.web.desk.conftest import Visitor
from tests.web.matters.test_life import photo, stall
from tests.web.town import RULEBOOK, actor


def at_work(town: SimpleNamespace, **more: object) -> Matter:
    matter = stall(town, **more)
    matters.dispatch(actor(town.people.desk), matter, kind="event.street.stall")
    matters.finish_support(actor(town.people.desk), matter, town.posts["committee.east"], "不需要", excused=True)
    return matter


@pytest.fixture
def minutes(town: SimpleNamespace, tmp_path: Path) -> SimpleNamespace:
    """A stall is talked over first."""
    copy = shutil.copytree(RULEBOOK, tmp_path / "rulebook")
    kinds = copy / "kinds" / "all.yaml"
    kinds.write_text(
        kinds.read_text(encoding="utf-8").replace("[before_photo, after_photo]", "[minutes_text]"), "utf-8"
    )
    cover = copy / "rulebook.yaml"
    cover.write_text(cover.read_text(encoding="utf-8").replace("2025-01-01", "2025-02-01"), encoding="utf-8")
    load_folder(copy)
    return town


def told() -> dict[str, str]:
    found: dict[str, str] = MatterEvent.objects.get(kind="handled").payload.get("lacking", {})
    return found


def test_four_characters_in_the_words_are_no_reason(town: SimpleNamespace) -> None:
    matter, officer = at_work(town), actor(town.people.east_officer)
    with pytest.raises(MatterStepError, match="处置前照片"):
        matters.handle(officer, matter, "摊贩已劝离，无法拍照", [photo()])
    with pytest.raises(MatterStepError, match="处置后照片"):
        matters.handle(officer, matter, "摊贩已劝离，无法拍照", lacking={BEFORE_PHOTO: Lack.TOO_LATE})
    with pytest.raises(MatterStepError, match="请选一个原因"):
        matters.handle(officer, matter, "摊贩已劝离", [photo()], lacking={BEFORE_PHOTO: Lack.NOT_NEEDED})
    assert matter.status == "accepted"


def test_the_event_tells_what_is_missing_and_why_and_nothing_of_what_is_there(town: SimpleNamespace) -> None:
    matter = at_work(town)
    reasons = {BEFORE_PHOTO: Lack.TOO_LATE, AFTER_PHOTO: Lack.DARK}
    matters.handle(actor(town.people.east_officer), matter, "摊贩已劝离", [photo()], lacking=reasons)
    assert told() == {"before_photo": "too_late"}
    page = Visitor(town.people.east_officer).read(matter.get_absolute_url())
    assert "没有处置前照片：到场时已经不是原样" in page and "没有处置后照片" not in page


def test_a_photograph_of_before_comes_with_the_report_or_with_a_note(town: SimpleNamespace) -> None:
    shown = at_work(town, uploads=(photo(),))
    matters.handle(actor(town.people.east_officer), shown, "摊贩已劝离", [photo()])
    noted = at_work(town)
    matters.note(actor(town.people.east_officer), noted, "到场时的样子", [photo()])
    matters.handle(actor(town.people.east_officer), noted, "摊贩已劝离", [photo()])
    assert not any(one.payload.get("lacking") for one in MatterEvent.objects.filter(kind="handled"))


def test_a_text_that_the_kind_wants_stands_below_the_words(minutes: SimpleNamespace) -> None:
    matter, officer = at_work(minutes), actor(minutes.people.east_officer)
    with pytest.raises(MatterStepError, match="会商记录"):
        matters.handle(officer, matter, "摊贩已劝离", texts={"minutes_text": "  "})
    matters.handle(officer, matter, "摊贩已劝离", texts={"minutes_text": "三方到场，当场定了分工"})
    event = MatterEvent.objects.select_related("words").get(kind="handled")
    assert event.words is not None and event.words.text == "摊贩已劝离\n【会商记录】三方到场，当场定了分工"
    assert told() == {}


def test_a_text_that_was_not_needed_is_said_to_be_so(minutes: SimpleNamespace) -> None:
    matter = at_work(minutes)
    officer = Visitor(minutes.people.east_officer)
    address = f"{matter.get_absolute_url()}/handle"
    assert officer.press(address, words="摊贩已劝离").status_code == 409
    assert officer.press(address, words="摊贩已劝离", **{"lack-minutes_text": "dark"}).status_code == 400
    assert officer.press(address, words="摊贩已劝离", **{"lack-minutes_text": "not_needed"}).status_code == 302
    assert told() == {"minutes_text": "not_needed"}
    assert "没有会商记录：这件事用不着" in officer.read(matter.get_absolute_url())
