"""What an edition is made into is made once, whoever asks, and never mistaken for another edition's."""

from __future__ import annotations

from collections import Counter
from threading import Barrier, Event, Thread

from doudi.web.edition_cache import by_edition, forget_all


def test_many_who_ask_at_once_make_it_once_and_get_the_same() -> None:
    made: Counter[int] = Counter()
    ready = Barrier(8)
    got: list[object] = []

    @by_edition(2)
    def make(edition: int) -> object:
        made[edition] += 1
        return object()

    def ask() -> None:
        ready.wait()
        got.append(make(1))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == {1: 1}
    assert len(got) == 8 and len(set(got)) == 1


def test_who_asks_for_what_is_there_does_not_wait_for_who_makes_another() -> None:
    begun, may_end = Event(), Event()

    @by_edition(2)
    def make(edition: int) -> int:
        if edition == 2:
            begun.set()
            assert may_end.wait(30)
        return edition

    make(1)
    maker = Thread(target=make, args=[2])
    maker.start()
    assert begun.wait(30)
    answered: list[int] = []
    asker = Thread(target=lambda: answered.append(make(1)))
    asker.start()
    asker.join(30)
    may_end.set()
    maker.join()
    assert answered == [1]


def test_only_the_last_editions_are_kept_and_all_can_be_forgotten() -> None:
    made: list[int] = []

    @by_edition(2, key=lambda edition, names: edition)
    def make(edition: int, names: list[str]) -> list[str]:
        made.append(edition)
        return [f"{name} {edition}" for name in names]

    for edition in (1, 2, 2, 3, 2, 1):
        assert make(edition, ["东村"]) == [f"东村 {edition}"]
    assert made == [1, 2, 3, 1]
    forget_all()
    make(1, ["东村"])
    assert made == [1, 2, 3, 1, 1]
