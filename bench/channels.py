"""How fast urgent notices leave by mail: a thousand at once, to a mail server on the loopback, by the timers as they run."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from bench.figures import Figure, Measure
from tests.faults.place import Place, kill
from tests.mail_server import listening

NOTICES = 1000
_LONGEST = 600.0


def mails(name: str) -> Figure:
    """From the start of the timers until the last has arrived: planning, leasing, sending, noting; nothing left out."""
    with TemporaryDirectory() as folder, listening() as mail:
        place = Place(Path(folder) / "town")
        place.found()
        place.witness("mailing", str(mail.port), str(NOTICES))
        begun = perf_counter()
        timers = place.struck("timers")
        try:
            while len(mail.mails) < NOTICES and perf_counter() - begun < _LONGEST and timers.poll() is None:
                sleep(0.05)
            taken = perf_counter() - begun
        finally:
            kill(timers)
        came = len(mail.mails)
    notes = {"came": came, "seconds": round(taken, 1), "connections": len(mail.sessions), "store": "sqlite"}
    return Figure(name, came / taken, "mails/s", NOTICES / 60, notes=notes)


FIGURES: dict[str, Measure] = {"mails": mails}
