"""From a ruling to the draft of its rules: clipped to the gap or conflict of its matter, for review like any other draft."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from doudi.engine.duties.answers import AnswerStatus
from doudi.engine.duties.bonds import Support
from doudi.engine.duties.clipping import SPOT, Clipped, ClippingError, Reach, Ruled, clip, require_lawful
from doudi.engine.kinds.catalogue import Competent
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, Ruling
from doudi.web.duties.queries import book_under
from doudi.web.journal.services import plain
from doudi.web.matters.models import Matter
from doudi.web.matters.services import question_for
from doudi.web.people.actor import SYSTEM
from doudi.web.people.models import Post
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import Rulebook, newest_version, rulebook_of, rulebook_on
from doudi.web.rulebook.services.drafts import add_rules, begin_draft, declare_fact_value


@contextmanager
def _by_name(book: Rulebook) -> Iterator[None]:
    """What stands in the way is said by the name of the role, not by its code: the engine knows no names."""
    try:
        yield
    except ClippingError as error:
        if holder := error.facts.get("holder"):
            error.facts["holder"] = book.role_names.get(str(holder), holder)
        raise


def refuse_unlawful(matter: Matter, lead: Post) -> None:
    """Whatever its scope, no ruling names a holder against statute or the three lists. Raises ClippingError by name."""
    if not matter.kind:
        return
    book = rulebook_on()
    duties = book_under(book)
    answer = duties.answer(question_for(book, matter.kind, matter.unit, matter.area_id, matter.facts))
    if answer.status in (AnswerStatus.RULE, AnswerStatus.CONFLICT):
        with _by_name(book):
            require_lawful([duties.rule(code) for code in answer.rules], lead.role)


def area_of(matter: Matter) -> Area:
    """The village of the matter's grid: an area for which rules are written."""
    places = areas()
    assert matter.area_id is not None
    path = places.tree.upward(matter.area_id)
    return places.areas[path[-2] if len(path) > 1 else path[0]]


def clipped_for(row: Dispute, made: Ruling, book: Rulebook) -> Clipped:
    """The rules that the ruling needs in ``book``. Raises ClippingError."""
    matter = row.matter
    places = areas()
    _require_role_leads_to(book, matter, made)
    # One spot is of one sort and lies in one grid: whatever the rules say elsewhere shall not cut its rule to pieces.
    sort = made.unit.type if made.unit else made.unit_type
    area = made.unit.area_id if made.unit else made.area_id
    reach = Reach(
        kind=matter.kind,
        since=made.valid_since,
        until=made.valid_until,
        unit_types=(sort,) if sort else (),
        areas=(area,) if area else (),
        spot=made.unit_id,
    )
    supports = tuple(
        dict.fromkeys(Post.objects.filter(code__in=made.supports).order_by("role").values_list("role", flat=True))
    )
    ruled = Ruled(
        id=f"R-{matter.number}-{row.seq}",
        holder=made.lead.role,
        supports=tuple(Support(role, made.bond) for role in supports),
        competent=Competent(made.competent_body, made.competent_basis) if made.competent_body else None,
        source=source_of(row),
        note=f"裁定自事项 {matter.number}",
    )
    question = question_for(book, matter.kind, matter.unit, matter.area_id, matter.facts)
    facts = {one["fact"]: list(one["values"]) for one in book.facts}
    with _by_name(book):
        return clip(book.rules, book.catalogue.tree, book.unit_types.tree, places.tree, facts, question, reach, ruled)


def source_of(row: Dispute) -> str:
    return f"镇职责裁定 {row.matter.number}-{row.seq}（{clock.today().isoformat()}）"


def draft(row: Dispute, made: Ruling) -> tuple[Version, list[str]]:
    """A draft of the rulebook with the ruling's rules. Somebody proposes it, others approve; it holds when it is published."""
    newest = newest_version()
    assert newest is not None
    clipped = clipped_for(row, made, rulebook_of(newest.number))
    title = f"裁定入规：{rulebook_of(newest.number).kind_name(row.matter.kind)}"
    version = begin_draft(SYSTEM, title, source=source_of(row))
    if made.unit is not None:
        declare_fact_value(SYSTEM, version, SPOT, "地点", made.unit.code, made.unit.name)
    add_rules(SYSTEM, version, clipped.rules)
    return version, [str(plain(rule.id)) for rule in clipped.rules]


def _require_role_leads_to(book: Rulebook, matter: Matter, made: Ruling) -> None:
    """A rule names a role; here the nearest post of that role must be the one that was ruled on."""
    if matter.area_id is None or made.scope == Ruling.Scope.KIND:
        return
    near = book_under(book).nearest(made.lead.role, matter.area_id)
    if near != (made.lead.code,):
        raise DisputeError(
            "规则按职责角色指定承办岗，这里的“{role}”不是{post}；请改选此处的岗位，或只就这一件裁定。",
            role=book.role_names.get(made.lead.role, made.lead.role),
            post=made.lead.name,
        )
