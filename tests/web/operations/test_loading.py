"""A town's own files are taken in whole or not at all, and loading them again adds nothing twice."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from doudi.engine.errors import DoudiError
from doudi.web.areas.models import Area
from doudi.web.duties.models import Backstop
from doudi.web.people.models import Appointment, Office, Person, Post
from doudi.web.setup.loading import load_areas, load_offices, load_units
from doudi.web.units.models import Unit
from tests.web.town import EAST, EAST_GRID, TOWN, WEST

pytestmark = pytest.mark.only("sqlite", "forms of files: test_loading_again brings rows into either store")

NEW_GRID = "310199101001002"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def square(west: float, south: float, side: float = 0.02) -> dict[str, object]:
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def features(path: Path, *rows: tuple[dict[str, object], dict[str, object] | None]) -> Path:
    drawn = [{"type": "Feature", "properties": properties, "geometry": outline} for properties, outline in rows]
    return written(path, json.dumps({"type": "FeatureCollection", "features": drawn}))


class TestAreas:
    def test_a_table_names_areas_and_the_code_says_the_rest(self, town: SimpleNamespace, tmp_path: Path) -> None:
        told = list(
            load_areas(written(tmp_path / "a.csv", f"代码,名称\n{NEW_GRID},东苑第二网格\n310199101201,北浜村\n"))
        )
        assert told[0] == "区域：新增 2 个，更新 0 个。"
        grid, village = Area.objects.get(code=NEW_GRID), Area.objects.get(code="310199101201")
        assert (grid.kind, grid.parent_id, village.kind, village.parent_id) == ("grid", EAST, "village", TOWN)

    def test_loading_again_changes_names_and_adds_nothing(self, town: SimpleNamespace, tmp_path: Path) -> None:
        count = Area.objects.count()
        told = load_areas(written(tmp_path / "a.csv", f"代码,名称\n{WEST},西浜新村\n"))
        assert told[0] == "区域：新增 0 个，更新 1 个。"
        assert (Area.objects.count(), Area.objects.get(code=WEST).name) == (count, "西浜新村")

    def test_outlines_come_by_geojson_and_what_does_not_tile_is_said(
        self, town: SimpleNamespace, tmp_path: Path
    ) -> None:
        file = features(
            tmp_path / "a.geojson",
            ({"code": NEW_GRID, "name": "东苑第二网格", "painted": "blue"}, square(121.21, 31.10)),
            ({"代码": TOWN, "名称": "测试镇"}, square(121.18, 31.10, 0.06)),
        )
        told = "\n".join(load_areas(file))
        assert "两个网格重叠 1 处" in told
        assert "没有网格管的空白" in told
        assert Area.objects.get(code=NEW_GRID).polygon["type"] == "Polygon"

    def test_grids_that_tile_are_said_to(self, town: SimpleNamespace, tmp_path: Path) -> None:
        strip = {
            "type": "Polygon",
            "coordinates": [[[121.18, 31.1], [121.22, 31.1], [121.22, 31.12], [121.18, 31.12], [121.18, 31.1]]],
        }
        assert "网格拼满全镇" in "\n".join(
            load_areas(features(tmp_path / "a.json", ({"code": TOWN, "name": "测试镇"}, strip)))
        )

    @pytest.mark.parametrize(
        ("row", "complaint"),
        [
            ("12345,小区", "第 2 行"),
            (f"{NEW_GRID},", "第 2 行.*name"),
            ("310199101999001,远方网格", "上级区域 310199101999"),
            (f"{NEW_GRID},甲\n{NEW_GRID},乙", "第 3 行.*两次"),
            ("310199102000,邻镇", "另一个镇"),
        ],
    )
    def test_what_does_not_fit_is_refused_and_nothing_is_stored(
        self, town: SimpleNamespace, tmp_path: Path, row: str, complaint: str
    ) -> None:
        count = Area.objects.count()
        with pytest.raises(DoudiError, match=complaint):
            (load_areas(written(tmp_path / "a.csv", f"代码,名称\n{row}\n")))
        assert Area.objects.count() == count

    @pytest.mark.parametrize(
        ("outline", "complaint"),
        [
            ({"type": "Point", "coordinates": [121, 31]}, "不是多边形"),
            ({"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}, "自相交"),
            (square(500000, 3400000, 900), "不是经纬度"),
            ({"type": "Polygon", "coordinates": "?"}, "边界有误"),
        ],
    )
    def test_an_outline_that_is_none_is_refused(
        self, town: SimpleNamespace, tmp_path: Path, outline: dict[str, object], complaint: str
    ) -> None:
        with pytest.raises(DoudiError, match=complaint):
            (load_areas(features(tmp_path / "a.geojson", ({"code": NEW_GRID, "name": "东苑第二网格"}, outline))))

    @pytest.mark.parametrize("text", ["{", "[]", '{"features": [1]}'])
    def test_what_is_no_geojson_is_refused(self, db: None, tmp_path: Path, text: str) -> None:
        with pytest.raises(DoudiError):
            (load_areas(written(tmp_path / "a.geojson", text)))


STAFF = """
offices:
  - {code: water, name: 水务站, relation: 镇属, phone: 021-55500009}
posts:
  - code: water.river
    office: water
    name: 河道岗
    role: water.river
    access: 承办人员
    areas: [310199101202]
    may_hold: 是
    backstop_for: [310199101202]
people:
  - {username: hedao, name: 河先生, phone: "19900000009", post: water.river}
"""


class TestOffices:
    def test_one_file_brings_offices_posts_backstops_and_people(self, town: SimpleNamespace, tmp_path: Path) -> None:
        told = load_offices(written(tmp_path / "staff.yaml", STAFF))
        assert told[:4] == [
            "单位：1 个。",
            "岗位：1 个。",
            "兜底岗：设定 1 个区域。",
            "人员：新开账号 1 个，新任岗 1 人次。",
        ]
        post = Post.objects.get(code="water.river")
        assert (post.access, post.may_hold, [area.code for area in post.areas.all()]) == ("officer", True, [WEST])
        assert Backstop.objects.get(area=WEST, until__isnull=True).post_id == "water.river"
        assert not Person.objects.get(username="hedao").has_usable_password()

    def test_loading_again_adds_nothing_twice(self, town: SimpleNamespace, tmp_path: Path) -> None:
        file = written(tmp_path / "staff.yaml", STAFF)
        (load_offices(file))
        before = [table.objects.count() for table in (Office, Post, Person, Appointment, Backstop)]
        told = "".join(load_offices(file))
        assert [table.objects.count() for table in (Office, Post, Person, Appointment, Backstop)] == before
        assert "兜底" not in told.split("规则")[0]
        assert "新开账号 0 个" in told

    def test_three_tables_say_the_same(self, town: SimpleNamespace, tmp_path: Path) -> None:
        (load_offices(written(tmp_path / "1.csv", "代码,名称,关系\nwater,水务站,own\n")))
        list(
            load_offices(written(tmp_path / "2.csv", "代码,单位,名称,可承办,兜底区域\nwater.river,water,河道岗,是,*\n"))
        )
        (load_offices(written(tmp_path / "3.csv", "登录名,姓名,岗位\nhedao,河先生,water.river\n")))
        assert Appointment.objects.filter(person__username="hedao", post="water.river").exists()
        assert Backstop.objects.get(area=TOWN, until__isnull=True).post_id == "water.river"

    @pytest.mark.parametrize(
        ("before", "after", "complaint"),
        [
            ("relation: 镇属", "relation: 友好", "友好"),
            ("office: water", "office: moon", "单位 moon 没有登记"),
            ("areas: [310199101202]", "areas: [310199101777]", "区域 310199101777 没有登记"),
            ("backstop_for: [310199101202]", "backstop_for: [310199101777]", "兜底的区域 310199101777"),
            ("post: water.river", "post: water.lake", "岗位 water.lake 没有登记"),
            ("may_hold: 是", "may_hold: 也许", "第 5 行"),
            ("phone: 021-55500009", "fax: 1", "不认识“fax”"),
            ("people:", "guests:", "offices、posts、people"),
            ("offices:", "offices: [", "YAML"),
            ("relation: 镇属", "relation: 村居委会", "committee|村居|不是镇属"),
        ],
    )
    def test_what_does_not_fit_is_refused_and_nothing_is_stored(
        self, town: SimpleNamespace, tmp_path: Path, before: str, after: str, complaint: str
    ) -> None:
        assert before in STAFF
        count = Office.objects.count()
        with pytest.raises(DoudiError, match=complaint):
            (load_offices(written(tmp_path / "staff.yaml", STAFF.replace(before, after, 1))))
        assert (Office.objects.count(), Post.objects.filter(code="water.river").exists()) == (count, False)


UNITS = (
    "类型,名称,网格,地址,经度,纬度,坐标系,情况,主管单位\n"
    "shop.catering,西苑酒家,{grid},西苑路1号,121.21,31.11,wgs84,owner=known,market\n"
)


class TestUnits:
    def test_each_place_gets_its_code_and_once_only(self, town: SimpleNamespace, tmp_path: Path) -> None:
        file = written(tmp_path / "u.csv", UNITS.format(grid=EAST_GRID))
        assert load_units(file)[0] == "场所：新增 1 个，已有 0 个未改动。"
        assert (load_units(file)) == ["场所：新增 0 个，已有 1 个未改动。"]
        unit = Unit.objects.get(name="西苑酒家")
        assert (len(unit.code), unit.facts, unit.supervisor_id, unit.longitude) == (
            13,
            {"owner": "known"},
            "market",
            121.21,
        )

    @pytest.mark.parametrize(
        ("before", "after", "complaint"),
        [
            ("shop.catering", "castle", "第 2 行.*castle"),
            (EAST_GRID, "310199101001777", "310199101001777"),
            (EAST_GRID, "grid", "第 2 行"),
            ("121.21,31.11", "121.21,", "都填"),
            ("121.21,31.11", "31.11,121.21", "写反"),
            ("wgs84", "mars", "mars"),
            ("owner=known", "owner", "owner"),
            (",market", ",moon", "单位 moon"),
        ],
    )
    def test_what_does_not_fit_is_refused_and_nothing_is_stored(
        self, town: SimpleNamespace, tmp_path: Path, before: str, after: str, complaint: str
    ) -> None:
        text = UNITS.format(grid=EAST_GRID)
        assert before in text
        count = Unit.objects.count()
        with pytest.raises(DoudiError, match=complaint):
            (load_units(written(tmp_path / "u.csv", text.replace(before, after, 1))))
        assert Unit.objects.count() == count
