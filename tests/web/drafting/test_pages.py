"""The workbench: a table to type into, faults at their cells, the proof beside it, and the way to publication."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from functools import partial
from html import unescape
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doudi.engine.duties.rules import COLUMNS
from doudi.engine.rules.wording import Wording
from doudi.web.rulebook import services
from doudi.web.rulebook.documents import digest_of
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.rulebook.drafting import fill_all_gaps, rule
from tests.web.town import TUESDAY, actor

PAGES = (
    "",
    "/rules",
    "/rules/new",
    "/rules/one/D-001",
    "/proof",
    "/proof?redundant=1",
    "/difference",
    "/replay",
    "/print",
)


def page(client: Client, draft: Version, part: str = "") -> str:
    answer = client.get(f"/rulebook/versions/{draft.number}{part}")
    assert answer.status_code == 200, part
    return unescape(answer.content.decode())


def save(client: Client, draft: Version, put: list[dict[str, Any]], remove: tuple[str, ...] = ()) -> dict[str, Any]:
    body = json.dumps({"put": put, "remove": list(remove)})
    answer = client.post(f"/rulebook/versions/{draft.number}/rules/save", body, content_type="application/json")
    found: dict[str, Any] = answer.json()
    assert answer.status_code == (200 if found["ok"] else answer.status_code)
    return found


def cells(draft: Version, code: str) -> dict[str, str]:
    return next(one.to_row() for one in rulebook_of(draft.number).rules if one.id == code)


NEW = {
    "id": "D-100",
    "layer": "镇级规则",
    "kinds": "event.street.stall",
    "unit_types": "spot",
    "holder": "市容保洁岗",
    "source": "纪要",
    "since": "2026-01-01",
}


@pytest.mark.parametrize("part", PAGES)
def test_every_page_opens_for_the_editor_and_exists_for_nobody_else(
    sign_in: Callable[[str], Client], draft: Version, part: str
) -> None:
    assert page(sign_in("shift"), draft, part)
    for name in ("desk", "east_officer", "auditor", "admin"):
        assert sign_in(name).get(f"/rulebook/versions/{draft.number}{part}").status_code == 404
    assert Client().get(f"/rulebook/versions/{draft.number}{part}").status_code == 302
    for name in ("reviewer", "leader"):
        wanted = 404 if part.startswith("/rules/") else 200
        assert sign_in(name).get(f"/rulebook/versions/{draft.number}{part}").status_code == wanted


def test_a_draft_is_begun_from_the_list(editor: Client, town: SimpleNamespace) -> None:
    answer = editor.post("/rulebook/versions", {"title": "噪声职责调整"}, follow=True)
    assert "和第 1 版一样" in unescape(answer.content.decode())
    assert "噪声职责调整" in unescape(editor.get("/rulebook/versions").content.decode())
    assert editor.post("/rulebook/versions", {"title": ""}).status_code == 400
    assert "修订" in unescape(editor.get("/rulebook").content.decode())


def test_a_row_is_saved_with_names_and_the_proof_answers(editor: Client, draft: Version) -> None:
    found = save(editor, draft, [{"cells": NEW, "was": "", "mark": ""}])
    assert found["ok"] and found["rows"][0]["cells"]["holder"] == "市容保洁岗"
    assert found["proof"]["gaps"] > 0 and found["proof"]["conflicts"] == 1 and found["next"] == "D-101"
    assert cells(draft, "D-100")["holder"] == "sanitation.street"


def test_faults_come_back_at_their_cells_and_nothing_is_saved(editor: Client, draft: Version) -> None:
    wrong = NEW | {"id": "D-101", "holder": "没有这个岗", "since": "昨天"}
    found = save(editor, draft, [{"cells": NEW, "was": "", "mark": ""}, {"cells": wrong, "was": "", "mark": ""}])
    assert [(one["row"], one["column"]) for one in found["faults"]] == [(1, "holder"), (1, "since")]
    found = save(editor, draft, [{"cells": NEW | {"kinds": "event.life.gas"}, "was": "", "mark": ""}])
    assert found["faults"][0]["column"] == "holder" and "相抵触" in found["words"]
    found = save(editor, draft, [{"cells": NEW | {"supports": "幽灵"}, "was": "", "mark": ""}])
    assert found["faults"][0]["column"] == "supports"
    assert len(rulebook_of(draft.number).rules) == 6


def test_what_waits_for_a_helper_is_typed_read_and_offered(editor: Client, draft: Version) -> None:
    typed = NEW | {"supports": "居委协助岗(知会)；综合网格长（结案前）"}
    found = save(editor, draft, [{"cells": typed, "was": "", "mark": ""}])
    assert found["ok"] and found["rows"][0]["cells"]["supports"] == "居委协助岗（知会）；综合网格长（结案前）"
    assert cells(draft, "D-100")["supports"] == "committee.staff:informs|grid.head:before_closed"
    offered = editor.get(f"/rulebook/versions/{draft.number}/rules/choices.json").json()["supports"]
    assert ["居委协助岗（处置前）", "committee.staff:before_handled", ""] in offered


def test_the_proof_names_the_rules_whose_terms_contradict(town: SimpleNamespace, editor: Client) -> None:
    one = Version.objects.get()
    margin = {lane: {"amount": 2, "unit": "working_hour"} for lane in ("life", "urgent", "normal")}
    one.documents["parameters"]["support_margin"] = margin
    one.digest = digest_of(one.documents)
    one.save()
    shown = page(editor, services.begin_draft(actor(town.people.shift), "协办"), "/proof")
    assert "时限互相矛盾的规则" in shown and "规则 D-001：" in shown and "赶不到承办前面" in shown


def test_a_stale_row_and_a_renumbered_row(editor: Client, draft: Version) -> None:
    stall = cells(draft, "D-001")
    assert not save(editor, draft, [{"cells": stall | {"note": "新"}, "was": "D-001", "mark": "0" * 16}])["ok"]
    table = page(editor, draft, "/rules")
    mark = table.partition('data-id="D-001" data-mark="')[2][:16]
    assert save(editor, draft, [{"cells": stall | {"id": "D-900"}, "was": "D-001", "mark": mark}])["ok"]
    assert {one.id for one in rulebook_of(draft.number).rules} & {"D-001", "D-900"} == {"D-900"}
    assert save(editor, draft, [], ("D-900",))["ok"]


@pytest.mark.parametrize("body", ["", "[]", "{", '{"put": 3}', '{"put": [{"was": "D-001"}]}', '{"put": [3]}'])
def test_what_is_no_table_is_refused_clearly(editor: Client, draft: Version, body: str) -> None:
    answer = editor.post(f"/rulebook/versions/{draft.number}/rules/save", body, content_type="application/json")
    assert (answer.status_code, answer.json()["ok"]) == (400, False)


def test_what_is_published_is_only_read(editor: Client, town: SimpleNamespace) -> None:
    assert not save(editor, town.rulebook, [{"cells": NEW, "was": "", "mark": ""}])["ok"]
    table = page(editor, town.rulebook, "/rules")
    assert "上传" not in table and "下载 XLSX" in table
    assert editor.get("/rulebook/versions/1/rules/new").status_code == 404
    assert editor.get("/rulebook/versions/99").status_code == 404


def test_the_form_does_the_job_without_scripts(editor: Client, draft: Version) -> None:
    where = f"/rulebook/versions/{draft.number}/rules"
    assert editor.post(f"{where}/new", NEW | {"holder": "谁"}).status_code == 400
    assert editor.post(f"{where}/new", NEW).status_code == 302
    changed = NEW | {"note": "先劝导"}
    assert editor.post(f"{where}/one/D-100", changed).status_code == 302
    assert cells(draft, "D-100")["note"] == "先劝导"
    assert editor.get(f"{where}/new?like=D-100").status_code == 200
    assert editor.post(f"{where}/one/D-100", {"remove": "1"}).status_code == 302
    assert editor.get(f"{where}/one/D-100").status_code == 404


def workbook(client: Client, draft: Version, edit: Callable[[Any], None]) -> SimpleUploadedFile:
    answer = client.get(f"/rulebook/versions/{draft.number}/rules.xlsx")
    opened = openpyxl.load_workbook(io.BytesIO(answer.content))
    edit(opened["规则"])
    out = io.BytesIO()
    opened.save(out)
    return SimpleUploadedFile("改.xlsx", out.getvalue())


def upload(client: Client, draft: Version, file: SimpleUploadedFile) -> Any:
    return client.post(f"/rulebook/versions/{draft.number}/upload", {"file": file})


def test_an_uploaded_table_is_shown_before_it_is_saved(editor: Client, draft: Version) -> None:
    def edit(sheet: Any) -> None:
        sheet.cell(2, COLUMNS.index("holder") + 1).value = "市容保洁岗"
        sheet.delete_rows(3)

    answer = upload(editor, draft, workbook(editor, draft, edit))
    said = unescape(answer.content.decode())
    assert "改动 2 条规则" in said and "删去 1 条" in said and "<del>城管街面岗</del>" in said
    assert len(rulebook_of(draft.number).rules) == 6
    sealed = said.partition('name="sealed" value="')[2].partition('"')[0]
    where = f"/rulebook/versions/{draft.number}/upload/accept"
    assert editor.post(where, {"sealed": sealed + "x"}).status_code == 302
    assert len(rulebook_of(draft.number).rules) == 6
    assert editor.post(where, {"sealed": sealed}).status_code == 302
    assert len(rulebook_of(draft.number).rules) == 5
    assert cells(draft, "D-001")["holder"] == "sanitation.street"


def test_a_table_that_was_shown_before_somebody_else_saved_is_not_taken_over(
    editor: Client, town: SimpleNamespace, draft: Version
) -> None:
    answer = upload(editor, draft, workbook(editor, draft, lambda sheet: sheet.delete_rows(3)))
    sealed = unescape(answer.content.decode()).partition('name="sealed" value="')[2].partition('"')[0]
    services.add_rules(actor(town.people.shift), draft, [rule("D-300", unit_types="spot")])
    assert editor.post(f"/rulebook/versions/{draft.number}/upload/accept", {"sealed": sealed}).status_code == 409
    assert len(rulebook_of(draft.number).rules) == 7


def test_faults_of_an_uploaded_table_are_named_by_cell(editor: Client, draft: Version) -> None:
    def edit(sheet: Any) -> None:
        sheet.cell(2, COLUMNS.index("kinds") + 1).value = "从没听过的事"
        sheet.cell(3, COLUMNS.index("holder") + 1).value = "=A1"

    answer = upload(editor, draft, workbook(editor, draft, edit))
    said = unescape(answer.content.decode())
    assert answer.status_code == 409 and ">D2<" in said and ">I3<" in said and "什么都没有保存" in said

    def against_statute(sheet: Any) -> None:
        for column, text in (NEW | {"kinds": "event.life.gas"}).items():
            sheet.cell(8, COLUMNS.index(column) + 1).value = text

    said = unescape(upload(editor, draft, workbook(editor, draft, against_statute)).content.decode())
    assert ">I8<" in said and "相抵触" in said


def test_a_gap_is_shown_with_an_example_and_accepted_by_name(
    editor: Client, town: SimpleNamespace, draft: Version
) -> None:
    receive([Incoming("scan", "窨井盖不见了", unit_code=town.manhole.code)])
    shown = page(editor, draft, "/proof")
    assert "例如" in shown and "过去一年占" in shown and "权属不明" in shown
    key = shown.partition('name="row" value="')[2].partition('"')[0]
    where = f"/rulebook/versions/{draft.number}/proof/accept"
    refused = editor.post(where, {"row": key, "name": "", "why": "不知道归谁"})
    assert refused.status_code == 400 and refused.content.decode().count("不知道归谁") == 1
    assert editor.post(where, {"row": "[]", "name": "某处", "why": "待会商"}).status_code == 302
    assert "accepted" not in rulebook_of(draft.number).version.documents
    assert editor.post(where, {"row": key, "name": "某处空白", "why": "待会商"}).status_code == 302
    assert "某处空白" in page(editor, draft, "/proof")
    assert editor.post(f"/rulebook/versions/{draft.number}/proof/G-01/withdraw").status_code == 302
    assert "某处空白" not in page(editor, draft, "/proof")


def test_what_a_box_leaves_out_opens_at_one_press(
    editor: Client, town: SimpleNamespace, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "全部列出" not in page(editor, draft, "/proof"), "where all is named there is nothing to open"
    monkeypatch.setattr("doudi.web.rulebook.proving.Wording", partial(Wording, most=1))
    shown = page(editor, draft, "/proof")
    folded = re.findall(r'等(\d+)项.*?<details class="in-full">.*?<p>(.*?)</p></details>', shown, re.DOTALL)
    assert folded and all("等" not in whole and whole.count("、") >= int(count) - 1 for count, whole in folded)


def test_the_difference_is_said_in_words(editor: Client, town: SimpleNamespace, draft: Version) -> None:
    services.add_rules(actor(town.people.shift), draft, [rule("D-100", unit_types="spot")])
    said = page(editor, draft, "/difference")
    assert "城管街面岗" in said and "市容保洁岗" in said and "新增 1 条" in said


def test_the_replay_is_begun_watched_and_read(
    editor: Client, sign_in: Callable[[str], Client], town: SimpleNamespace, draft: Version
) -> None:
    receive([Incoming("scan", "有人占道摆摊", unit_code=town.spot.code)])
    services.add_rules(actor(town.people.shift), draft, [rule("D-100", unit_types="spot")])
    where = f"/rulebook/versions/{draft.number}/replay"
    assert editor.post(f"{where}/begin").status_code == 302
    assert "可以离开这一页" in page(editor, draft, "/replay")
    run_due(sweep=False)
    assert editor.get(f"{where}/progress")["HX-Refresh"] == "true"
    assert "换承办岗" in page(editor, draft, "/replay")
    assert "市容保洁岗" in page(editor, draft, "/replay/changes?figure=hands&to=greening.street")
    assert "没有这样的事项" in page(editor, draft, "/replay/changes?figure=fall_to_backstop")
    sheet = sign_in("leader").get(f"{where}/changes?form=xlsx")
    assert sheet.status_code == 200
    assert sign_in("reviewer").get(f"{where}/changes?form=csv").status_code == 404


def test_the_way_to_publication_on_the_pages(
    editor: Client, sign_in: Callable[[str], Client], town: SimpleNamespace, draft: Version
) -> None:
    where = f"/rulebook/versions/{draft.number}"
    assert editor.post(f"{where}/steps/propose").status_code == 409
    assert "还不能送审" in page(editor, draft)
    fill_all_gaps(town, draft)
    assert "证明完整" in page(editor, draft)
    assert editor.post(f"{where}/steps/propose", {"words": "请审"}).status_code == 302
    assert "合法性审核：通过" not in page(editor, draft)
    reviewer, leader = sign_in("reviewer"), sign_in("leader")
    assert "合法性审核：通过" in page(reviewer, draft)
    assert "领导批准：通过" not in page(reviewer, draft)
    assert reviewer.post(f"{where}/steps/approve-leader").status_code == 404
    assert reviewer.post(f"{where}/steps/approve-legality").status_code == 302
    assert leader.post(f"{where}/steps/approve-leader").status_code == 302
    assert editor.post(f"{where}/steps/publish", {"valid_from": "2020-01-01"}).status_code == 400
    assert editor.post(f"{where}/steps/publish", {"valid_from": TUESDAY.date().isoformat()}).status_code == 302
    said = page(editor, draft)
    assert "已发布" in said and "发布" in said
    assert editor.post(f"{where}/steps/nonsense").status_code == 404


def test_a_draft_that_comes_back_is_the_draft_it_was(editor: Client, town: SimpleNamespace, draft: Version) -> None:
    """What a version was is kept in memory; a step must not change it there, or a recalled draft would look proposed."""
    where = f"/rulebook/versions/{draft.number}"
    fill_all_gaps(town, draft)
    before = page(editor, draft, "/rules")
    assert editor.post(f"{where}/steps/propose").status_code == 302
    assert "添一条" not in page(editor, draft, "/rules")
    assert editor.post(f"{where}/steps/recall").status_code == 302
    assert "添一条" in page(editor, draft, "/rules")
    assert save(editor, draft, [{"cells": NEW, "was": "", "mark": ""}])["ok"]
    assert save(editor, draft, [], ("D-100",))["ok"]
    assert page(editor, draft, "/rules").count("data-id=") == before.count("data-id=")
