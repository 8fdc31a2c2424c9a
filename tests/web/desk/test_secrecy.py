"""What is secret is read as it was said by its holder and the desk; everybody else reads what the desk retells."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.engine.errors import DoudiError
from doudi.engine.numbers import printed_number
from doudi.web.fsck.queries import examine as faults
from doudi.web.looks.models import Look
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.notices.models import Notice
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports.models import Report
from tests.web.desk.conftest import Visitor, content, dispatched, report
from tests.web.town import actor

pytestmark = pytest.mark.only(
    "sqlite", "what pages show of a report: who sees it is asked of the store in tests/web/matters"
)

Sit = Callable[[Any], Visitor]
SAID = "我家住东苑3号楼402室，楼下面馆每晚11点还排油烟，我家的金毛叫个不停，请替我保密"
RETOLD = "某小区一家面馆夜间排放油烟，请到场查看"


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def secret(town: SimpleNamespace, words: str = SAID, **more: Any) -> Matter:
    """A secret matter that 城管东片 holds; the committee helps by rule, the market office was asked by hand."""
    matter = report(town, words, **more)
    desk = actor(town.people.desk)
    matters.dispatch(desk, matter, kind="event.street.stall", holder=town.posts["chengguan.east"])
    matters.add_support(desk, fresh(matter), town.posts["market.food"], "请一起上门")
    return fresh(matter)


def retold(town: SimpleNamespace, matter: Matter, words: str = RETOLD) -> Matter:
    clues = matters.clues_in(matter, words)
    matters.retell(actor(town.people.desk), matter, words, confirmed=clues)
    return fresh(matter)


def test_holder_and_desk_read_the_original_and_all_others_the_retelling(town: SimpleNamespace, sit: Sit) -> None:
    matter = secret(town)
    path = f"/matters/{matter.number}"
    for who in ("desk", "shift", "east_officer"):
        assert "金毛" in sit(getattr(town.people, who)).read(path), who
    for who in ("committee", "market", "grid_east", "leader", "reviewer"):
        page = sit(getattr(town.people, who)).read(path)
        # The matter's own number may hold any digits.
        read = page.replace(matter.number, "").replace(printed_number(matter.number), "")
        assert "金毛" not in read and "402" not in read and "待转述" in page, who
        assert "保密" in page and "东苑面馆" in page, who
    retold(town, matter)
    for who in ("committee", "grid_east", "leader", "reviewer", "desk", "east_officer"):
        assert RETOLD in sit(getattr(town.people, who)).read(path), who


def test_a_home_is_told_by_its_area_alone(town: SimpleNamespace, sit: Sit) -> None:
    from doudi.web.matters.reading import told
    from doudi.web.units.models import Unit

    matter = secret(town)
    Unit.objects.filter(pk=matter.unit_id).update(type="room", name="幸福里7幢703室张家")
    assert told([fresh(matter)])[matter.pk].near == ""
    page = sit(town.people.committee).read(f"/matters/{matter.number}")
    assert "张家" not in page and "东苑第一网格" in page


def test_a_secret_report_is_there_for_holder_and_desk_alone(town: SimpleNamespace, sit: Sit) -> None:
    one = secret(town).demands.get().report
    for who, status in (("desk", 200), ("east_officer", 200), ("committee", 404), ("leader", 404), ("grid_east", 404)):
        sit(getattr(town.people, who)).read(f"/reports/{one.number}", status)


def test_words_of_others_find_nothing_in_what_is_secret(town: SimpleNamespace, sit: Sit) -> None:
    matter = secret(town)
    assert matter.number in sit(town.people.desk).read("/search?q=金毛")
    assert matter.number in sit(town.people.east_officer).read("/search?q=金毛")
    assert matter.number not in sit(town.people.committee).read("/search?q=金毛")
    assert matter.number not in sit(town.people.leader).read("/desk?tab=all&q=金毛")
    assert matter.number in sit(town.people.committee).read(f"/search?q={matter.unit.name}")  # type: ignore[union-attr]


def test_lists_and_files_tell_nobody_the_original(town: SimpleNamespace, sit: Sit) -> None:
    matter = secret(town)
    desk = sit(town.people.desk)
    for path in ("/desk?tab=all", "/desk/matters.csv?tab=all", "/reports?tab=all", "/reports.csv?tab=all", "/work"):
        assert "金毛" not in desk.read(path) and "402" not in desk.read(path), path
    assert "待转述" in desk.read("/desk?tab=all") and "保密" in desk.read("/desk/matters.csv?tab=all")
    assert "金毛" not in desk.read(f"/matters/{matter.number}/receipt")
    assert "待转述" in desk.read(f"/matters/{matter.number}/receipt")
    retold(town, matter)
    for path in ("/desk?tab=all", "/desk/matters.csv?tab=all", f"/matters/{matter.number}/receipt"):
        assert RETOLD in desk.read(path), path


def test_the_desk_has_a_tab_of_what_waits_for_its_retelling(town: SimpleNamespace, sit: Sit) -> None:
    matter, other = secret(town), dispatched(town)
    desk = sit(town.people.desk)
    page = desk.get("/desk?tab=to_retell")
    tab = next(one for one in page.context["tabs"] if "to_retell" in one["href"])
    assert tab["count"] == 1 and matter.number in content(page) and other.number not in content(page)
    retold(town, matter)
    assert matter.number not in desk.read("/desk?tab=to_retell")
    assert "to_retell" not in sit(town.people.leader).read("/desk")


def test_a_helper_reads_what_it_was_asked_and_no_other_words_of_colleagues(town: SimpleNamespace, sit: Sit) -> None:
    matter = secret(town)
    matters.note(actor(town.people.east_officer), matter, "已到402室，金毛在家")
    assert "请一起上门" not in sit(town.people.committee).read(f"/matters/{matter.number}")
    page = sit(town.people.market).read(f"/matters/{matter.number}")
    assert "请一起上门" in page and "402" not in page and "金毛" not in page
    assert "已到402室" in sit(town.people.desk).read(f"/matters/{matter.number}")


def test_the_retelling_begins_masked_and_shows_what_only_the_caller_can_know(town: SimpleNamespace, sit: Sit) -> None:
    matter = secret(town)
    page = sit(town.people.desk).read(f"/matters/{matter.number}?do=retell")
    form = page.split('class="retelling"')[1].split("</form>")[0]
    assert "某户" in form and "402" not in form
    assert all(f"“{piece}”" in form for piece in ("每晚11点", "我家", "楼下"))


def test_a_clue_is_let_stand_only_by_a_yes_to_that_very_piece(town: SimpleNamespace, sit: Sit) -> None:
    matter = secret(town)
    path, desk = f"/matters/{matter.number}/retell", sit(town.people.desk)
    words = "某小区面馆晚上11点仍排油烟"
    asked = desk.press(path, words=words, confirmed="on", seen="别的话")
    assert asked.status_code == 409 and "“晚上11点”" in content(asked)
    form = asked.context["retell"].form
    assert form["seen"].value() == "晚上11点" and form["words"].value() == words
    assert not MatterEvent.objects.filter(kind="retold").exists()
    assert desk.press(path, words=words, seen="晚上11点").status_code == 409
    assert desk.press(path, words=words, confirmed="on", seen="晚上11点").status_code == 302
    assert words in sit(town.people.committee).read(f"/matters/{matter.number}")
    changed = desk.press(path, words=f"{words}，3号楼402室", confirmed="on", seen="晚上11点")
    assert changed.status_code == 409 and "402室" in content(changed)


@pytest.mark.parametrize("words", [SAID, SAID.replace("，", ""), "请打13812345678", "", "身份证310117198401010012"])
def test_numbers_and_the_original_never_pass_whoever_confirms(town: SimpleNamespace, words: str) -> None:
    matter = secret(town)
    with pytest.raises(MatterStepError):
        matters.retell(actor(town.people.desk), matter, words, confirmed=matters.clues_in(matter, words))


def test_who_may_retell_restrict_and_lift(town: SimpleNamespace) -> None:
    matter = secret(town)
    for who in ("committee", "east_officer", "grid_east", "leader", "reviewer", "auditor", "admin"):
        with pytest.raises(NotAllowedError):
            matters.retell(actor(getattr(town.people, who)), fresh(matter), RETOLD)
    for who in ("committee", "east_officer", "grid_east", "reviewer", "auditor", "admin"):
        with pytest.raises(NotAllowedError):
            matters.restrict(actor(getattr(town.people, who)), fresh(matter), "涉及未成年人")
    matters.restrict(actor(town.people.desk), fresh(matter), "涉及未成年人")
    for who in ("committee", "east_officer"):
        with pytest.raises(NotAllowedError):
            matters.lift_restriction(actor(getattr(town.people, who)), fresh(matter), "查清了")
    with pytest.raises(DoudiError):
        matters.lift_restriction(actor(town.people.desk), fresh(matter), "查清了")
    matters.lift_restriction(actor(town.people.shift), fresh(matter), "查清了")
    assert not fresh(matter).restricted


def test_a_matter_that_is_not_secret_is_not_retold(town: SimpleNamespace) -> None:
    with pytest.raises(MatterStepError, match="不保密"):
        matters.retell(actor(town.people.desk), report(town), RETOLD)


def test_restricting_by_hand_closes_the_circle_and_lifting_opens_it(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    desk, shift, path = sit(town.people.desk), sit(town.people.shift), f"/matters/{matter.number}"
    assert desk.press(f"{path}/restrict", words="").status_code == 400
    assert desk.press(f"{path}/restrict", words="牵涉孩子").status_code == 302
    assert (fresh(matter).restricted, fresh(matter).secret) == (True, True)
    assert Report.objects.get().secrecy == "restricted"
    desk.read(path, 404)
    sit(town.people.grid_east).read(path, 404)
    assert "有人占道摆摊" in shift.read(path) and "牵涉孩子" in shift.read(path)
    assert "有人占道摆摊" in sit(town.people.east_officer).read(path)
    assert desk.press(f"{path}/lift", words="已查清", stays="open").status_code == 404
    assert shift.press(f"{path}/lift", words="已查清", stays="open").status_code == 302
    assert (fresh(matter).restricted, fresh(matter).secret) == (False, False)
    assert Report.objects.get().secrecy == "open"
    assert "有人占道摆摊" in sit(town.people.grid_east).read(path)
    assert not [one for one in faults() if one.code != "calendar"]


def test_who_asked_for_secrecy_keeps_it_when_the_circle_opens(town: SimpleNamespace) -> None:
    matter = secret(town, "面馆排油烟", secret=True)
    shift = actor(town.people.shift)
    matters.restrict(shift, matter, "先限制")
    matters.lift_restriction(shift, fresh(matter), "解除", stays_secret=False)
    assert (Report.objects.get().secrecy, fresh(matter).secret) == ("secret", True)


def test_the_other_matter_of_a_restricted_report_is_told_on_too(town: SimpleNamespace, sit: Sit) -> None:
    one = report(town, "两件事", demands=("面馆占道摆摊，老板姓金", "河边有人倒垃圾"))
    other = Matter.objects.exclude(pk=one.pk).get()
    matters.restrict(actor(town.people.shift), one, "牵涉孩子")
    assert fresh(other).secret and not fresh(other).restricted
    assert "待转述" in sit(town.people.grid_east).read(f"/matters/{other.number}") or fresh(other).area_id is None


def test_what_joins_a_matter_makes_it_secret(town: SimpleNamespace, sit: Sit) -> None:
    plain, hidden = dispatched(town), secret(town)
    matters.merge(actor(town.people.desk), hidden, plain, "同一件事")
    assert fresh(plain).secret
    page = sit(town.people.grid_east).read(f"/matters/{plain.number}")
    assert "金毛" not in page and "待转述" in page
    assert "金毛" not in sit(town.people.grid_east).read(f"/matters/{hidden.number}")
    assert not list(faults())


def test_notices_name_a_secret_matter_by_its_number_and_are_hushed_when_it_becomes_one(
    town: SimpleNamespace, sit: Sit
) -> None:
    from doudi.web.matters.notify_posts import notify_post

    matter = dispatched(town)
    notify_post({"matter": str(matter.pk), "post": "grid.east", "kind": "support_asked", "urgent": False})
    assert "有人占道摆摊" in sit(town.people.grid_east).read("/notices")
    matters.restrict(actor(town.people.shift), matter, "牵涉孩子")
    assert "有人占道摆摊" not in str(list(Notice.objects.values("facts")))
    notify_post({"matter": str(matter.pk), "post": "grid.east", "kind": "support_asked", "urgent": False})
    assert "有人占道摆摊" not in sit(town.people.grid_east).read("/notices")
    hidden = secret(town)
    notify_post({"matter": str(hidden.pk), "post": "grid.east", "kind": "support_asked", "urgent": False})
    page = sit(town.people.grid_east).read("/notices")
    assert hidden.number in page and "金毛" not in page


def test_numbers_in_words_are_hidden_until_revealed_for_a_purpose(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town, "老板电话13812345678，占道摆摊")
    officer, path = sit(town.people.east_officer), f"/matters/{matter.number}"
    page = officer.read(path)
    assert "13812345678" not in page and "138****78" in page
    assert "13812345678" not in sit(town.people.desk).read("/desk?tab=all")
    aimless = officer.press(f"{path}/reveal", words=" ")
    assert aimless.status_code == 409 and "用途" in content(aimless) and "13812345678" not in content(aimless)
    shown = officer.press(f"{path}/reveal", words="打电话约时间")
    assert "13812345678" in content(shown) and "no-store" in shown["Cache-Control"]
    assert "13812345678" not in officer.read(path)
    look = Look.objects.get()
    assert (look.what, look.about, look.purpose.text) == ("numbers", f"matter/{matter.number}", "打电话约时间")  # type: ignore[union-attr]
    refused = sit(town.people.grid_east).press(f"{path}/reveal", words="看看")
    assert refused.status_code == 404 and "13812345678" not in content(refused)
    assert not list(faults())


def test_numbers_in_a_secret_matter_are_for_the_shift_leader(town: SimpleNamespace, sit: Sit) -> None:
    matter = secret(town, "我的手机13812345678，请保密")
    path = f"/matters/{matter.number}/reveal"
    for who in ("east_officer", "desk", "committee", "leader"):
        refused = sit(getattr(town.people, who)).press(path, words="联系")
        assert refused.status_code == 404 and "13812345678" not in content(refused), who
    assert "13812345678" in content(sit(town.people.shift).press(path, words="联系"))


def test_an_order_number_like_a_phone_and_the_hotline_stay(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town, "工单13812345678重复派来，请打12345", system="12345", external_id="13812345678")
    page = sit(town.people.desk).read(f"/matters/{matter.number}")
    assert "工单13812345678重复派来，请打12345" in page
    assert "13812345678重复" in sit(town.people.desk).read("/desk?tab=all")


def test_fsck_names_what_tells_too_much(town: SimpleNamespace) -> None:
    matter = secret(town)
    assert not list(faults())
    Matter.objects.filter(pk=matter.pk).update(secret=False)
    assert "matter.secret_unmarked" in {one.code for one in faults()}
    Matter.objects.filter(pk=matter.pk).update(secret=True)
    retold(town, fresh(matter))
    assert not list(faults())
    from doudi.web.journal.models import FreeText

    words = MatterEvent.objects.get(kind="retold").words
    assert words is not None
    row = FreeText.objects.get(pk=words.pk)
    row.text = SAID
    row.save()
    assert "matter.retelling_tells" in {one.code for one in faults()}
