"""kill -9 in the middle of intake, import, job and migration: what was acknowledged is there once, the rest goes on.

Each work is struck down at points that lie a fixed stride apart, so that the rounds of one run fall on all of its
statements in turn. The last test of each says that the proof would notice, were one of our guards not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from doudi.web.jobs.services import MOST_ATTEMPTS
from doudi.web.timers.running import MOST_TOGETHER
from tests.faults.ledger import Form, Ledger, Reporters
from tests.faults.place import Place, kill
from tests.mail_server import listening

pytestmark = pytest.mark.slow

REPORT = 'INSERT INTO "doudi_reports_report"'
CHAINED = 'INSERT INTO "doudi_journal_leaf"'
NOTICE = '"doudi_notices_notice"'
ADDED = "told_as"
#: the statement that takes a message in hand, and the one that notes that it has left
LEASED = '"attempts" = ("doudi_channels_delivery"."attempts" + '
LEFT = 'UPDATE "doudi_channels_delivery" SET "state" = %s, "sent_at"'
MAILS = 8
EXPORT = 'UPDATE "doudi_exports_export"'


def points(rounds: int, last: int) -> Iterator[int]:
    """So many points up to ``last``, in no order, each part of the way met equally often."""
    drawn = Random(rounds)
    found = [1 + (last * number) // rounds + drawn.randrange(max(1, last // rounds)) for number in range(rounds)]
    drawn.shuffle(found)
    return iter(found)


def sound(state: dict[str, Any]) -> None:
    assert state["faults"] == []
    assert (state["lost"], state["twice"]) == (0, 0), state


# Intake


def reported(place: Place, folder: Path, strikes: list[int], **env: str) -> tuple[dict[str, Any], int]:
    """People report while the server is struck down, again and again. Returns what is there at last, and how often it fell."""
    ledger = Ledger(folder / "ledger")
    unanswered: list[Form] = []
    fallen = 0
    for number, strike in enumerate([*strikes, 0]):
        # Every third time it is killed from outside, at whatever it does when an acknowledgement arrives.
        outside = strike and number % 3 == 2
        struck = {"DOUDI_STRIKE": f"{REPORT}@{strike}"} if strike and not outside else {}
        with place.served(**struck, **env) as (port, server):
            reporters = Reporters(port, place.town["spot"], ledger, unanswered, name=f"{number}-")
            if outside:
                reporters.report(1 + strike % 12, lambda server=server: kill(server))
            else:
                reporters.report(30 if strike else 2)
                assert not strike or server.wait(30) == -9, "it was not struck down"
            fallen += bool(strike)
        state = place.witness("state", str(ledger.path))
        sound(state)
    assert not unanswered, "who got no answer has none yet"
    assert state["reports"] == state["acknowledged"] == state["matters"]
    return state, fallen


def test_every_acknowledged_report_outlives_the_server(place: Place, tmp_path: Path, rounds: int) -> None:
    state, fallen = reported(place, tmp_path, list(points(rounds, 110)))
    assert fallen == rounds
    print(f"intake: {fallen} kills, {state['acknowledged']} acknowledged, 0 lost, 0 twice")  # noqa: T201


def test_a_report_in_two_transactions_is_left_in_pieces(place: Place, tmp_path: Path) -> None:
    def struck(**env: str) -> dict[str, Any]:
        with place.served(DOUDI_STRIKE=f"{CHAINED}@1", **env) as (port, server):
            # Alone, so that nobody else's report decides at which statement of this one it falls.
            Reporters(port, place.town["spot"], Ledger(tmp_path / "ledger"), [], name="a", people=1).report(30)
            assert server.wait(30) == -9
        return place.witness("state", str(tmp_path / "ledger"))

    sound(struck())
    found = struck(DOUDI_CARELESS="intake")["faults"]
    assert any("event.no_leaf" in one for one in found), found


# Import


def table(folder: Path, rows: int) -> Path:
    path = folder / "orders.csv"
    lines = [f"R-{n},2026-11-20 09:00,垃圾没人清，单号{n},西浜村口{n}号" for n in range(rows)]
    path.write_text("\n".join(["工单编号,受理时间,诉求内容,地址", *lines]), encoding="utf-8")
    return path


def imported(place: Place, file: Path, rows: int, strike: str, *, uploaded: bool, **env: str) -> None:
    """The import is struck down and goes on; then every row is there once, and counted as added once."""
    if uploaded:
        place.witness("upload", str(file))
        assert place.run("timers", DOUDI_STRIKE=strike, **env)
    else:
        place.run("import", str(file), "--system", "区热线", "--yes", DOUDI_STRIKE=strike, **env)
    sound(half := place.witness("state"))
    assert half["reports"] in (0, 200, 400, rows), "a transaction of 200 rows came in by halves"
    if uploaded:
        state = place.witness("later")
    else:
        assert not place.run("import", str(file), "--system", "区热线", "--yes")
        state = place.witness("state")
    sound(state)
    assert (state["reports"], state["matters"]) == (rows, rows)
    assert state["imports"][-1][:2] == ["done", rows]
    assert sum(added for _, _, added, _, _ in state["imports"]) == rows, f"counted wrongly: {state['imports']}"


@pytest.mark.parametrize("uploaded", [False, True], ids=["by-command", "by-job"])
def test_a_half_done_import_goes_on(
    place: Place, another: Callable[[Place], Place], tmp_path: Path, rounds: int, uploaded: bool
) -> None:
    file = table(tmp_path, 450)
    for strike in points((rounds + 1) // 2, 130):
        imported(another(place), file, 450, f"{REPORT}@{strike}", uploaded=uploaded)
    print(f"import: {(rounds + 1) // 2} kills of 450 rows, 0 lost, 0 twice")  # noqa: T201


def test_without_its_transaction_rows_are_counted_wrongly(place: Place, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="counted wrongly"):
        imported(place, table(tmp_path, 450), 450, '"done" = ("doudi@1', uploaded=False, DOUDI_CARELESS="import")


# Jobs


def told(place: Place, strikes: Iterator[int], **env: str) -> int:
    """The timers are struck down again and again while they tell holders; then each holder was told, and only once."""
    fallen = 0
    for strike in strikes:
        assert place.run("timers", DOUDI_STRIKE=f"{NOTICE}@{strike}", **env)
        fallen += 1
        sound(half := place.witness("state"))
        assert half["told"] == half["jobs"].get("done", 0), "a job is done exactly when its holder was told"
    state = place.witness("later")
    sound(state)
    assert state["jobs"] == {"done": state["matters"]}
    assert state["told"] == state["matters"]
    assert state["most_attempts"] < MOST_ATTEMPTS
    return fallen


def test_a_job_is_done_once_however_often_its_worker_falls(place: Place, rounds: int) -> None:
    # Whoever falls leaves as many jobs leased as are taken together.
    holders = (MOST_TOGETHER + 4) * rounds
    place.witness("fill", str(holders))
    fallen = told(place, points(rounds, 2 * MOST_TOGETHER + 10))
    print(f"job: {fallen} kills of the timers, {holders} holders told once each")  # noqa: T201


def test_a_job_that_is_finished_before_its_work_is_lost(place: Place) -> None:
    place.witness("fill", "2")
    with pytest.raises(AssertionError, match="exactly when"):
        told(place, iter([1]), DOUDI_CARELESS="job")


# Exports


def test_a_half_written_table_goes_on_to_its_end(place: Place, another: Callable[[Place], Place], rounds: int) -> None:
    """The timers fall before, between and after the rows that name its pieces: at last every matter stands in it once."""
    place.witness("fill", "1200")
    place.witness("later")
    place.witness("export", "csv")
    for strike in points((rounds + 1) // 2, 16):
        here = another(place)
        assert here.run("timers", DOUDI_STRIKE=f"{EXPORT}@{strike}")
        sound(here.witness("later"))
        assert here.witness("exported") == {"state": "ready", "rows": 1200, "whole": True, "size": True}
    print(f"export: {(rounds + 1) // 2} kills while 1,200 rows were written, each there once")  # noqa: T201


# Mails


def mailed(place: Place, strike: str, **env: str) -> tuple[int, int]:
    """The timers fall among mails, before one leaves or between leaving and its note: at last each came once, or says that it
    may have come twice. Returns how many came, and how many of them twice.
    """
    with listening() as mail:
        place.witness("mailing", str(mail.port), str(MAILS))
        assert place.run("timers", DOUDI_STRIKE=strike, **env)
        place.witness("later", **env)
        told = place.witness("mailed")["messages"]
        came: dict[str, list[str]] = {}
        for one in mail.mails:
            came.setdefault(str(one["Message-ID"]).strip("<>").partition("@")[0], []).append(one.get_content())
    assert [state for _name, state, _twice in told] == ["sent"] * MAILS
    assert came.keys() == {name for name, _state, _twice in told}, "nothing is lost"
    for texts in came.values():
        assert all("这条可能重复收到" in text for text in texts[1:]), "who is told twice is told so"
        assert len(texts) <= 2
    return len(came), sum(len(texts) - 1 for texts in came.values())


def test_a_mail_comes_once_or_says_that_it_may_have_come_twice(
    place: Place, another: Callable[[Place], Place], rounds: int
) -> None:
    strikes = [f"{LEFT}@1", *(f"{LEASED}@{point}" for point in points(rounds - 1, 2 * MAILS))]
    twice = sum(mailed(another(place), strike)[1] for strike in strikes)
    assert twice, "the first strike lies between leaving and its note"
    print(f"mail: {rounds} kills among {MAILS} mails each, {twice} came twice and said so")  # noqa: T201


def test_a_mail_that_comes_twice_without_a_word_is_seen(place: Place) -> None:
    with pytest.raises(AssertionError, match="is told so"):
        mailed(place, f"{LEFT}@1", DOUDI_CARELESS="mail")


# Migration


def migrated(place: Place, strike: int, before: dict[str, Any], **env: str) -> bool:
    """The migration of a town at work is struck down: it stands whole or not at all, and goes through the next time."""
    fell = place.run("migrate", DOUDI_RELEASE="next", DOUDI_STRIKE=f"{ADDED}@{strike}", **env)
    half = place.witness("migrated")
    whole = {"recorded": 1, "column": 1, "named": half["matters"]}
    assert half | whole == half or half | {"recorded": 0, "column": 0, "named": 0} == half, half
    assert not place.run("migrate", DOUDI_RELEASE="next")
    assert place.witness("migrated") | whole == half | whole
    assert place.witness("state") == before
    return fell


def test_a_migration_stands_whole_or_not_at_all(place: Place, another: Callable[[Place], Place], rounds: int) -> None:
    place.witness("fill", "20")
    sound(before := place.witness("state"))
    fallen = sum(migrated(another(place), strike, before) for strike in points(rounds, 90))
    assert fallen
    print(f"migration: {fallen} kills of {rounds}, each whole or not at all, each went through the next time")  # noqa: T201


def test_a_migration_without_its_transaction_is_left_by_halves(place: Place) -> None:
    place.witness("fill", "20")
    with pytest.raises(AssertionError, match="'recorded': 0"):
        migrated(place, 8, {}, DOUDI_CARELESS="migration")
