"""What stands in a sheet changes what it speaks of and nothing else; each change is said and kept; nothing closes the town."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from doudi.cli import main as doudi
from doudi.engine.errors import DoudiError
from doudi.web.areas import files as area_files
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.areas.services import bump_version
from doudi.web.duties.queries import duty_desk
from doudi.web.journal.models import Leaf
from doudi.web.journal.services import unit_of_work
from doudi.web.matters.models import Matter
from doudi.web.people import files as people_files
from doudi.web.people.models import Appointment, Office, Person, Post
from doudi.web.setup.loading import load_areas, load_names, load_offices, load_units
from doudi.web.tables.named import headers_of
from doudi.web.triage.services import Incoming, receive
from doudi.web.units import files as unit_files
from doudi.web.units.models import Unit
from tests.web.operations.test_loading import NEW_GRID, features, square, written
from tests.web.town import EAST, EAST_GRID, TOWN, WEST


def leaf(kind: str) -> dict[str, Any]:
    """The body of the latest leaf of a kind."""
    bodies = (json.loads(text) for text in Leaf.objects.order_by("-seq").values_list("body", flat=True))
    return next(body for body in bodies if body["kind"] == kind)


def table(folder: Path, header: str, *rows: str) -> Path:
    return written(folder / "table.csv", "\n".join([header, *rows]) + "\n")


class TestAreas:
    def test_outlines_stay_where_a_table_has_none(self, town: SimpleNamespace, tmp_path: Path) -> None:
        before = Area.objects.get(code=EAST_GRID).polygon
        told = "".join(load_areas(table(tmp_path, "代码,名称", f"{EAST_GRID},东苑一号网格")))
        area = Area.objects.get(code=EAST_GRID)
        assert (area.name, area.polygon, area.parent_id) == ("东苑一号网格", before, EAST)
        assert "名称由“东苑第一网格”改为“东苑一号网格”" in told
        assert leaf("areas_saved")["payload"]["changed"] == {EAST_GRID: ["name"]}
        assert "改动" not in "".join(load_areas(table(tmp_path, "代码,名称", f"{EAST_GRID},东苑一号网格")))

    def test_an_empty_cell_changes_nothing_and_a_word_for_nothing_empties(
        self, town: SimpleNamespace, tmp_path: Path
    ) -> None:
        load_offices(table(tmp_path, "代码,名称,关系,电话", "uoc,城运中心,own,"))
        assert Office.objects.get(code="uoc").phone == "021-55500000"
        load_offices(table(tmp_path, "代码,名称,关系,电话", "uoc,城运中心,own,无"))
        assert Office.objects.get(code="uoc").phone == ""

    def test_an_area_that_had_ended_lives_again(self, town: SimpleNamespace, tmp_path: Path) -> None:
        load_areas(table(tmp_path, "代码,名称", f"{NEW_GRID},东苑第二网格"))
        Area.objects.filter(code=NEW_GRID).update(until="2026-01-01")
        told = "".join(load_areas(table(tmp_path, "代码,名称", f"{NEW_GRID},东苑第二网格")))
        assert Area.objects.get(code=NEW_GRID).until is None
        assert f"重新启用：{NEW_GRID}" in told
        assert leaf("areas_saved")["payload"]["revived"] == [NEW_GRID]

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ([f"{EAST_GRID},甲,{EAST_GRID}"], "第 2 行.*自己"),
            ([f"{EAST},甲,{WEST}", f"{WEST},乙,{EAST}"], "第 2 行.*不比它大"),
            ([f"{EAST},甲,{EAST_GRID}"], "第 2 行.*不比它大"),
            ([f"{NEW_GRID},甲,{EAST_GRID}"], "第 2 行.*不比它大"),
            ([f"{NEW_GRID},甲,12"], "第 2 行"),
        ],
    )
    def test_an_area_that_would_lie_in_itself_is_refused_at_its_line(
        self, town: SimpleNamespace, tmp_path: Path, rows: list[str], said: str
    ) -> None:
        before = list(Area.objects.order_by("code").values())
        with pytest.raises(DoudiError, match=said):
            load_areas(table(tmp_path, "代码,名称,上级", *rows))
        assert list(Area.objects.order_by("code").values()) == before

    def test_names_in_capitals_are_read_from_geojson_too(self, town: SimpleNamespace, tmp_path: Path) -> None:
        load_areas(features(tmp_path / "a.geojson", ({"CODE": NEW_GRID, "Name": "东苑第二网格"}, square(121.3, 31.1))))
        assert Area.objects.get(code=NEW_GRID).name == "东苑第二网格"

    def test_the_hidden_sheet_is_not_loaded(self, town: SimpleNamespace, tmp_path: Path) -> None:
        import openpyxl

        book = openpyxl.Workbook()
        book.active.append(["代码", "名称"])
        book.active.append([EAST_GRID, "旧名"])
        book.active.sheet_state = "hidden"
        fresh = book.create_sheet("新")
        fresh.append(["代码", "名称"])
        fresh.append([EAST_GRID, "新名"])
        book.save(tmp_path / "a.xlsx")
        told = load_areas(tmp_path / "a.xlsx")
        assert Area.objects.get(code=EAST_GRID).name == "新名"
        assert "隐藏的工作表没有读取：Sheet。" in told

    def test_a_grid_under_an_area_that_has_ended_is_refused_at_its_line(
        self, town: SimpleNamespace, tmp_path: Path
    ) -> None:
        Area.objects.filter(code=EAST).update(until="2026-01-01")
        with pytest.raises(DoudiError, match=r"第 2 行.*上级区域"):
            load_areas(table(tmp_path, "代码,名称", f"{NEW_GRID},东苑第二网格"))

    @pytest.mark.parametrize("broken", [{EAST: WEST, WEST: EAST}, {EAST: EAST}, {TOWN: EAST}])
    def test_a_directory_that_is_no_tree_stops_no_report(self, town: SimpleNamespace, broken: dict[str, str]) -> None:
        for code, parent in broken.items():
            Area.objects.filter(code=code).update(parent=parent)
        with unit_of_work():
            bump_version()
        assert set(areas().tree) == set(areas().areas)
        (got,) = receive([Incoming("message", "东苑路的路灯不亮", area_code=EAST_GRID)])
        assert Matter.objects.get(demands__report=got.report).holder_id is not None


class TestOffices:
    def test_only_what_stands_in_the_sheet_changes(self, town: SimpleNamespace, tmp_path: Path) -> None:
        Office.objects.filter(code="greening").update(powers="清扫", phone="021-55500002")
        told = "".join(load_offices(table(tmp_path, "代码,单位名称,关系", "greening,绿化所,own")))
        office = Office.objects.get(code="greening")
        assert (office.name, office.phone, office.powers) == ("绿化所", "021-55500002", "清扫")
        assert "名称由“绿化市容所”改为“绿化所”" in told
        assert leaf("offices_saved")["payload"]["changed"] == {"greening": ["name"]}

    def test_a_post_keeps_seat_areas_and_hold(self, town: SimpleNamespace, tmp_path: Path) -> None:
        load_offices(
            table(tmp_path, "岗位代码,单位,岗位名称", "chengguan.east,chengguan,东片执法岗", "uoc.duty,uoc,值班台")
        )
        east, desk = Post.objects.get(pk="chengguan.east"), Post.objects.get(pk="uoc.duty")
        assert (east.name, east.access, east.may_hold, east.silence_counts) == ("东片执法岗", "officer", True, True)
        assert (east.role, [area.code for area in east.areas.all()]) == ("chengguan.street", [EAST])
        assert (desk.name, desk.access, desk.may_hold, duty_desk()) == ("值班台", "dispatcher", True, "uoc.duty")

    @pytest.mark.parametrize(
        ("header", "row"),
        [
            ("岗位代码,单位,岗位名称,可承办", "uoc.duty,uoc,值班岗,否"),
            ("岗位代码,单位,岗位名称,权限", "uoc.duty,uoc,值班岗,承办人员"),
            ("岗位代码,单位,岗位名称,区域", f"uoc.duty,uoc,值班岗,{WEST}"),
            ("岗位代码,单位,岗位名称,可承办", "grid.east,grid,东片网格长,否"),
            ("代码,名称,关系", "uoc,城运中心,条线部门"),
            ("岗位代码,单位,岗位名称,权限", "admin,uoc,系统管理员,审计员"),
        ],
    )
    def test_no_load_takes_the_hold_of_the_desk_or_the_last_seat(
        self, town: SimpleNamespace, tmp_path: Path, header: str, row: str
    ) -> None:
        before = list(Post.objects.order_by("pk").values())
        with pytest.raises(DoudiError, match=r"兜底|值班岗|席位"):
            load_offices(table(tmp_path, header, row))
        assert list(Post.objects.order_by("pk").values()) == before

    def test_a_new_phone_is_taken_over_said_and_kept(self, town: SimpleNamespace, tmp_path: Path) -> None:
        header, row = "登录名,姓名,手机,岗位", "{0},{0}先生,{1},grid.west"
        told = "".join(load_offices(table(tmp_path, header, row.format("grid_west", "13800009999"))))
        person = Person.objects.get(username="grid_west")
        assert person.phone == "13800009999"
        assert "电话由“”改为“13800009999”" in told
        changed = leaf("person_changed")
        assert (changed["about"], changed["payload"]) == (str(person.pk), {"columns": ["phone"]})
        load_offices(table(tmp_path, "登录名,姓名,岗位", "grid_west,grid_west先生,grid.west"))
        person.refresh_from_db()
        assert person.phone == "13800009999", "a table without phones takes none away"

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            (["wei,张某,139,grid.west", "wei,章某,138,grid.east"], "第 3 行.*第 2 行是张某，这一行是章某"),
            (["wei,张某,139,grid.west", "wei,张某,138,grid.east"], "第 3 行.*电话不同"),
            (["grid_west,另一人,139,grid.west"], "第 2 行.*已是grid_west先生"),
        ],
    )
    def test_one_login_for_two_people_is_asked_about(
        self, town: SimpleNamespace, tmp_path: Path, rows: list[str], said: str
    ) -> None:
        before = Appointment.objects.count()
        with pytest.raises(DoudiError, match=said):
            load_offices(table(tmp_path, "登录名,姓名,手机,岗位", *rows))
        assert (Appointment.objects.count(), Person.objects.filter(username="wei").count()) == (before, 0)

    def test_one_person_on_two_posts_is_one_person(self, town: SimpleNamespace, tmp_path: Path) -> None:
        rows = ["wei,张某,139,grid.west", "wei,张某,139,grid.east"]
        load_offices(table(tmp_path, "登录名,姓名,手机,岗位", *rows))
        assert Appointment.objects.filter(person__username="wei").count() == 2


class TestUnits:
    def test_a_known_place_is_changed_and_said(self, town: SimpleNamespace, tmp_path: Path) -> None:
        code = town.shop.code
        point = town.shop.longitude, town.shop.latitude
        row = f"{code},shop.catering,新店名,{EAST_GRID},新地址9号"
        told = "".join(load_units(table(tmp_path, "编码,类型,名称,网格,地址", row)))
        shop = Unit.objects.get(code=code)
        assert (shop.name, shop.address, (shop.longitude, shop.latitude)) == ("新店名", "新地址9号", point)
        assert "改为“新店名”" in told and "改为“新地址9号”" in told
        assert {"name", "address"} <= set(leaf("unit_changed")["payload"]["columns"])

    def test_a_credit_code_is_taken_as_it_is_written(self, town: SimpleNamespace, tmp_path: Path) -> None:
        header = "类型,名称,网格,地址,统一社会信用代码"
        load_units(table(tmp_path, header, f"shop.catering,信店,{EAST_GRID},路1号,91310000MA1FL0000X"))
        assert Unit.objects.get(name="信店").external_codes == {"credit_code": "91310000MA1FL0000X"}

    def test_a_code_that_has_ended_and_an_area_that_has_ended_are_refused(
        self, town: SimpleNamespace, tmp_path: Path
    ) -> None:
        Unit.objects.filter(pk=town.shop.pk).update(until="2026-01-01")
        row = f"{town.shop.code},shop.catering,新店名,{EAST_GRID},新地址9号"
        with pytest.raises(DoudiError, match=r"第 2 行.*已经注销"):
            load_units(table(tmp_path, "编码,类型,名称,网格,地址", row))
        Area.objects.filter(code=EAST_GRID).update(until="2026-01-01")
        with unit_of_work():
            bump_version()
        with pytest.raises(DoudiError, match=r"第 2 行.*已经撤销"):
            load_units(table(tmp_path, "类型,名称,网格", f"shop.catering,店,{EAST_GRID}"))


@pytest.mark.parametrize(
    ("load", "header", "row"),
    [
        (load_areas, "代码,名称,类型", f"{NEW_GRID},东苑第二网格,网格"),
        (load_offices, "代码,名称,关系", "legal2,法律服务所,own"),
        (load_units, "类型,名称,网格", f"shop.catering,信店,{EAST_GRID}"),
        (load_names, "地名,类别,来源", "红星桥,镇外,志书"),
    ],
)
def test_a_line_that_is_not_loaded_is_told(
    town: SimpleNamespace, tmp_path: Path, load: Callable[[Path], list[str]], header: str, row: str
) -> None:
    assert not any("没有读取" in one for one in load(table(tmp_path, header, row)))
    assert "第 3 行没有读取：又一次的表头。" in load(table(tmp_path, header, row, header))


def test_every_header_that_the_help_names_is_accepted() -> None:
    """The help of `doudi load` says which headers there are; each stands in one of the lists by which we read."""
    lists = {
        "areas": [area_files.COLUMNS],
        "offices": [people_files.OFFICES, people_files.POSTS, people_files.PEOPLE],
        "units": [unit_files.COLUMNS],
    }
    for name, known in lists.items():
        text = CliRunner().invoke(doudi, ["load", name, "--help"]).output
        named = re.findall(r"[一-鿿]+(?:,[一-鿿]+)+", text)
        assert named, name
        for headers in named:
            fits = [None not in headers_of(headers.split(","), columns) for columns in known]
            assert any(fits), (name, headers)
