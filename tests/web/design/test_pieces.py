"""The pieces that pages are made of, and the promises that the whole look keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template, engines
from django.test import RequestFactory
from django.utils import translation

from doudi.engine.messages import msg
from doudi.web import clock
from doudi.web.design import badges, nav
from doudi.web.design.templatetags.doudi import ICONS, printed
from doudi.web.matters.models import Matter
from doudi.web.registry.declared import Events, Life, NavItem
from doudi.web.registry.gathered import of
from doudi.web.reports.models import Report
from doudi.web.units.models import Plaque
from doudi.web.upstream.models import ImportBatch

WEB = Path(badges.__file__).parent.parent
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with clock.at(NOW), translation.override("zh-hans"):
        yield


def _drawn(source: str, **facts: object) -> str:
    return re.sub(r"\s+", " ", Template(source).render(Context(facts))).strip()


def _words(source: str, **facts: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", _drawn(source, **facts))).strip()


def test_the_holder_sentence_says_who_since_when_why_and_until_when() -> None:
    said = _words(
        "{% holder post since=since reason=reason clock=due %}",
        post="城管中队",
        since=NOW,
        reason=msg("规则 {rule} 指定", rule="D-017"),
        due=datetime(2026, 11, 26, 9, 0, tzinfo=UTC),
    )
    assert said == "城管中队承办，自 今天 10:00；因为 规则 D-017 指定；时限 还剩 2 天 7 小时11月26日 17:00"


def test_everything_people_wrote_is_shown_as_words() -> None:
    bad = "<img src=x onerror=alert(1)>"
    for source in (
        "{% say bad %}",
        "{% holder bad reason=bad %}",
        "{% nothing bad hint=bad href=bad action=bad %}",
        "{% trouble bad %}",
        "{% icon bad label=bad %}",
        "{% timeline entries %}",
        "{{ bad|printed }}",
    ):
        entries = [SimpleNamespace(at=NOW, title=bad, words=bad, by=bad, icon=bad, tone=bad, photos=None)]
        assert "<img" not in _drawn(source, bad=bad, entries=entries), source


def test_a_photo_list_names_each_photo_for_those_who_do_not_see_it() -> None:
    items = [
        SimpleNamespace(href="/a", small="/a/small", label="处置后"),
        SimpleNamespace(href="/b", small="/b/small", label=""),
    ]
    drawn = _drawn("{% photos items %}", items=items)
    assert 'alt="处置后 1"' in drawn and 'alt="照片 2"' in drawn and drawn.count('loading="lazy"') == 2
    assert _drawn("{% photos items %}", items=[]) == ""


def test_the_pager_keeps_the_filters_and_leads_both_ways() -> None:
    request = RequestFactory().get("/desk?lane=urgent&after=a")
    drawn = Template("{% pager page %}").render(
        Context({"request": request, "page": SimpleNamespace(newer="n1", older="o1", words="")})
    )
    assert "?lane=urgent&amp;before=n1" in drawn and "?lane=urgent&amp;after=o1" in drawn
    assert _drawn("{% pager page %}", request=request, page=SimpleNamespace(newer="", older="", words="")) == ""


@pytest.mark.parametrize(
    ("table", "choices"),
    [
        (Matter, Matter.Status),
        (Report, Report.Status),
        (Plaque, Plaque.State),
        (ImportBatch, ImportBatch.State),
    ],
)
def test_every_state_has_a_picture_and_a_tone_beside_its_word(table: type, choices: type) -> None:
    for value in choices:  # type: ignore[attr-defined]
        assert of(Life)[table].named(value), value


def test_the_normal_lane_is_not_worth_a_word_and_danger_is() -> None:
    assert _words("{% lane matter %}", matter=Matter(lane="normal")) == ""
    assert _words("{% lane matter %}", matter=Matter(lane="life")) == "生命安全"
    assert _words("{% lane matter True %}", matter=Matter(lane="normal")) == "普通"


def test_a_code_is_shown_as_it_stands_on_the_plaque() -> None:
    assert printed("0123456789ABC") == "0123-4567-89AB-C"
    assert printed("not a code") == "not a code"


def test_ways_open_by_power_and_the_present_one_is_marked() -> None:
    officer = SimpleNamespace(may=lambda power: power in {"see_own", "see_units"})
    found = nav.nav_items(officer, "/units/ABC")
    assert [entry["href"] for entry in found] == ["/work", "/disputes", "/units", "/rulebook"]
    assert [entry["here"] for entry in found] == [False, False, True, False]
    assert [entry["room"] for entry in found] == ["first", "first", "first", "wide"]


@pytest.mark.parametrize(("ways", "under_more"), [(6, 0), (7, 0), (8, 2), (12, 6)])
def test_one_way_alone_never_stands_under_more(monkeypatch: pytest.MonkeyPatch, ways: int, under_more: int) -> None:
    made = {str(place): nav.NavItem("desk", "工作台", "list", place) for place in range(ways)}
    monkeypatch.setattr(nav, "of", lambda kind: made)
    rooms = [entry["room"] for entry in nav.nav_items(SimpleNamespace(), "/")]
    assert (len(rooms), rooms.count("rest"), rooms.count("first")) == (ways, under_more, 3)


def test_a_person_without_a_seat_may_nothing() -> None:
    assert _drawn('{% if actor|may:"see_desk" %}x{% endif %}', actor=None) == ""


def _templates() -> list[Path]:
    return sorted(WEB.glob("*/templates/**/*.html"))


def test_every_template_can_be_read() -> None:
    for path in _templates():
        engines["django"].get_template(str(path).split("templates/")[-1])


def test_no_template_bears_a_style_a_script_or_an_address_of_others() -> None:
    for path in _templates():
        source = path.read_text()
        assert not re.search(r'\sstyle="|<style|\son(?:click|load|change|submit)=|javascript:', source), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", source), path
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', source), path


def test_every_icon_named_anywhere_is_in_the_sprite() -> None:
    sprite = Path(str(finders.find(ICONS))).read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {name for path in _templates() for name in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text())}
    named |= {icon for _, icon in badges._LANES.values()} | {item.icon for item in of(NavItem).values()}
    named |= {state.icon for life in of(Life).values() for state in life.states}
    kinds = [kind for events in of(Events).values() for kind in events.kinds]
    named |= {kind.icon for kind in kinds} | {kind.public.icon for kind in kinds if kind.public}
    assert named <= known, sorted(named - known)


def _colours() -> dict[str, str]:
    return dict(
        re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})\b", Path(str(finders.find("doudi/doudi.css"))).read_text())
    )


def _contrast(one: str, other: str) -> float:
    def brightness(colour: str) -> float:
        colour = colour.lstrip("#")
        colour = "".join(sign * 2 for sign in colour) if len(colour) == 3 else colour
        parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((brightness(one), brightness(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *[(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent") for ground in ("paper", "ground")],
        ("ink-2", "sunk"),
        ("ink-3", "sunk"),
        ("accent", "accent-soft"),
        ("ink-3", "accent-soft"),
        ("paper", "accent"),
        ("paper", "alarm"),
        *[(tone, f"{tone}-soft") for tone in ("wait", "work", "check", "done", "away", "alarm", "urgent")],
        ("ink-2", "done-soft"),
        ("alarm", "paper"),
        ("urgent", "paper"),
        ("done", "paper"),
    ],
)
def test_every_word_stands_out_from_its_ground(ink: str, ground: str) -> None:
    colours = _colours()
    assert _contrast(colours[ink], colours[ground]) >= 4.5


def test_a_public_page_without_photos_stays_small() -> None:
    names = ("doudi/doudi.css", "doudi/public.css", "doudi/public.js", "doudi/photos.js", "doudi/mark.svg", ICONS)
    sizes = [Path(str(finders.find(name))).stat().st_size for name in names]
    assert sum(sizes) <= 50 * 1024, "with ten kilobytes of page the first load stays within sixty"


def test_nothing_moves_or_changes_colour_slowly() -> None:
    """So nobody has to ask for less motion, and no eye and no check meets words half-way between two colours."""
    sheets = [sheet for sheet in WEB.rglob("static/**/*.css") if "vendor" not in sheet.parts]
    slow = re.compile(r"transition|animation|@keyframes|scroll-behavior")
    assert (
        len(sheets) > 5
        and [(sheet.name, found[0]) for sheet in sheets for found in slow.finditer(sheet.read_text("utf-8"))] == []
    )
