"""``make long NAME=siege``: the town under siege on both databases; prints what the officers felt. Loopback only, and it ends by itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.faults.place import Place
from tests.postgres import Postgres
from tests.siege.attacks import ATTACKS
from tests.siege.siege import Told, besiege, on_this_machine

#: as a town runs it: production refuses the settings by which tests are fast
_DURABLE = "-c listen_addresses=127.0.0.1 -c max_connections=60"


@click.command()
@click.option(
    "--database", "databases", multiple=True, type=click.Choice(["sqlite", "postgres"]), default=["sqlite", "postgres"]
)
@click.option("--attack", "attacks", multiple=True, type=click.Choice(sorted(ATTACKS)), default=sorted(ATTACKS))
@click.option("--size", default=300, show_default=True, help="connections or senders of each attack")
@click.option("--seconds", default=120, show_default=True, help="how long the siege lasts")
@click.option("--calm", default=30, show_default=True, help="seconds measured before and after")
def main(databases: tuple[str, ...], attacks: tuple[str, ...], size: int, seconds: int, calm: int) -> None:
    click.echo(f"{on_this_machine()}; {size} of each attack for {seconds} s: {', '.join(attacks)}")
    sound = True
    for database in databases:
        told = _one(database, attacks, size, seconds, calm)
        sound &= not told.lost and not told.failed
        click.echo(
            f"{database}: officers p95 {told.p95['before']:.0f} ms before, {told.p95['meanwhile']:.0f} meanwhile "
            f"({told.pages['meanwhile']} pages), {told.p95['after']:.0f} after; {told.acknowledged} reports acknowledged, "
            f"{told.lost} lost, {len(told.failed)} refused; all processes {told.memory[0]:.0f} MB before, "
            f"{told.memory[1]:.0f} MB after"
        )
        for name, seen in told.attacks.items():
            click.echo(f"    {name}: " + ", ".join(f"{what} {count}" for what, count in sorted(seen.items())))
        for line in told.failed[:5]:
            click.echo(f"    {line}")
    sys.exit(not sound)


def _one(database: str, attacks: tuple[str, ...], size: int, seconds: int, calm: int) -> Told:
    server = Postgres(settings=_DURABLE).start() if database == "postgres" else None
    os.environ["DOUDI_DATABASE_URL"] = server.url if server else ""
    if not server:
        del os.environ["DOUDI_DATABASE_URL"]
    with TemporaryDirectory(prefix="doudi-siege-") as folder:
        place = Place(Path(folder) / "town")
        try:
            place.env |= {
                "DOUDI_PROFILE": "production",
                "DOUDI_HOSTS": "127.0.0.1",
                "DOUDI_SITE_URL": "http://127.0.0.1",
            }
            place.found()
            return besiege(place, Path(folder), attacks, size=size, seconds=seconds, calm=calm)
        finally:
            place.gone()
            if server:
                server.stop()


if __name__ == "__main__":
    main()
