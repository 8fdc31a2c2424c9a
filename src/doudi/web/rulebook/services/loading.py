"""A rulebook that comes as a folder of files is published as it is: at the founding of a town, and for the demo."""

from __future__ import annotations

from pathlib import Path

from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.people.vocabulary import Power
from doudi.engine.units.types import UnitTypes
from doudi.engine.workdays import Calendar
from doudi.web import clock
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.rulebook.documents import SHIPPED, digest_of, plain, read_folder, rules_of
from doudi.web.rulebook.errors import DraftError
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import bears_shipped_name, rulebook_on
from doudi.web.rulebook.services.steps import step
from doudi.web.rulebook.services.versions import next_number


@unit_of_work()
def load_folder(folder: Path = SHIPPED) -> Version:
    """Publish the rulebook in ``folder`` as a new version, unless the newest published one already says the same.

    Raises the loaders' own errors (CatalogueError, RuleFileError, CalendarError …), which name entry and field.
    """
    documents = plain(read_folder(folder))
    Catalogue.from_document(documents["kinds"])
    UnitTypes.from_document(documents["unit_types"])
    Calendar.from_document(documents["calendar"])
    rules_of(documents)
    digest = digest_of(documents)
    newest = Version.objects.filter(state=Version.State.PUBLISHED).order_by("-number").first()
    if newest is not None and newest.digest == digest:
        return newest
    cover = documents["rulebook"]
    version = Version.objects.create(
        number=next_number(),
        title=cover["title"],
        state=Version.State.PUBLISHED,
        valid_from=cover["valid_from"],
        source=cover["source"],
        documents=documents,
        digest=digest,
        published_at=clock.now(),
    )
    version.refresh_from_db()
    step(SYSTEM, version, "rulebook_published", {"digest": digest, "valid_from": str(version.valid_from)})
    return version


@unit_of_work()
def publish_in_own_name(by: Actor, title: str, source: str) -> Version:
    """A new town takes the rulebook that came with the software for its own: the same documents, its name, its grounds.

    Only once and only then: from there on every change is drafted and reviewed.
    """
    by.require(Power.MANAGE_AREAS)
    book = rulebook_on()
    if not bears_shipped_name(book):
        raise DraftError("现行手册已经是本镇自己的，修改请走草案和审核。")
    if not title.strip() or not source.strip():
        raise DraftError("请写明手册名称和依据。")
    documents = dict(book.version.documents)
    today = clock.today()
    cover = {"title": title.strip(), "source": source.strip(), "valid_from": today.isoformat()}
    documents["rulebook"] = {**documents["rulebook"], **cover, "note": ""}
    version = Version.objects.create(
        number=next_number(),
        title=title.strip(),
        state=Version.State.PUBLISHED,
        valid_from=today,
        source=source.strip(),
        documents=documents,
        digest=digest_of(documents),
        base=book.version,
        published_at=clock.now(),
    )
    told = {"digest": version.digest, "valid_from": today.isoformat()}
    step(by, version, "rulebook_published", told, power=Power.MANAGE_AREAS)
    return version
