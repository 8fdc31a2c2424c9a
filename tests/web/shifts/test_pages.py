"""The pages of handing over, of packs, and of the morning."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from doudi.web import clock
from doudi.web.shifts import services
from doudi.web.shifts.models import Handover, HandoverItem
from tests.web.desk.conftest import Visitor, content, dispatched, report
from tests.web.town import TUESDAY, actor


def test_a_shift_goes_and_another_comes(town: SimpleNamespace, desk: Visitor, comer: Visitor) -> None:
    matter = report(town, "有人占道摆摊")
    assert matter.number in desk.read("/handovers/new")
    fields = {
        f"give-{matter.number}": "on",
        f"say-{matter.number}": "摊主说明早搬",
        "others": "钥匙在抽屉\n\n车没油",
        "minutes": "平稳",
    }
    assert desk.press("/handovers/new", **fields).status_code == 302
    handover = Handover.objects.get()
    here = handover.get_absolute_url()
    mine = desk.read(here)
    assert "摊主说明早搬" in mine and "sign-1" not in mine
    page = comer.read(here)
    assert "sign-3" in page and matter.number in page and "平稳" in page
    refused = comer.press(f"{here}/sign", **{"sign-1": "on", "sign-2": "on"})
    assert refused.status_code == 409 and "第 3 件" in content(refused)
    again = content(refused)
    assert again.count(" checked") == 2, "what was ticked stays ticked"
    assert comer.press(f"{here}/sign", **{"sign-1": "on", "sign-2": "on", "why-3": "找不到车"}).status_code == 302
    assert "找不到车" in comer.read(here) and "带班领导暂管" in comer.read("/handovers")
    assert comer.press(f"{here}/3/take").status_code == 302
    assert set(HandoverItem.objects.values_list("state", flat=True)) == {"signed"}


def test_what_is_unticked_is_not_handed_over(town: SimpleNamespace, desk: Visitor) -> None:
    matter = report(town, "有人占道摆摊")
    assert desk.press("/handovers/new", minutes="平稳").status_code == 302
    assert not HandoverItem.objects.exists() and matter.number not in desk.read(
        Handover.objects.get().get_absolute_url()
    )


def test_a_secret_matter_is_told_in_the_words_for_all(town: SimpleNamespace, desk: Visitor) -> None:
    matter = report(town, "楼下排油烟，我在三楼，请保密")
    page = desk.read("/handovers/new")
    assert matter.number in page and "三楼" not in page
    assert "三楼" not in desk.read("/morning")


def test_the_others_find_nothing_here(town: SimpleNamespace, desk: Visitor) -> None:
    handover = services.begin(actor(town.people.desk), [], "无")
    pack = services.make_pack(actor(town.people.desk))
    for who in ("leader", "east_officer", "grid_east", "auditor", "admin", "committee"):
        visitor = Visitor(getattr(town.people, who))
        for path in (
            "/handovers",
            "/handovers/new",
            handover.get_absolute_url(),
            pack.get_absolute_url(),
            f"/packs/{pack.pk}.pdf",
        ):
            visitor.read(path, 404)
        assert visitor.press("/packs/new").status_code == 404


def test_a_pack_is_made_and_taken_along(town: SimpleNamespace, desk: Visitor) -> None:
    answer = desk.press("/packs/new")
    assert answer.status_code == 302
    pack = answer["Location"]
    assert "还有 20 张" in desk.read(pack)
    file = desk.get(f"{pack}.pdf")
    assert file["Content-Type"] == "application/pdf" and file.content.startswith(b"%PDF")
    assert desk.press(f"{pack}/void", why="没用").status_code == 409


def test_the_morning_tells_yesterday_and_now(town: SimpleNamespace, desk: Visitor, next_one: Any) -> None:
    with clock.at(TUESDAY - timedelta(days=1)):
        report(town, "路灯不亮")
    late = dispatched(town)
    type(late).objects.filter(pk=late.pk).update(due_at=TUESDAY - timedelta(hours=1))
    page = desk.read("/morning")
    assert late.number in page and "＝ 扫码" in page.replace("\n", "")
    assert late.number not in desk.read("/morning?day=2026-01-05")
    assert Visitor(town.people.leader).read("/morning")
    Visitor(town.people.grid_east).read("/morning", 404)
    desk.read("/morning?day=nonsense")
