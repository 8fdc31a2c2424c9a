"""The parameters of a version, one by one, with their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from doudi.engine.messages import Listed
from doudi.engine.workdays import Term
from doudi.web.people.access import Access
from doudi.web.people.models import Post
from doudi.web.rulebook import wording
from doudi.web.rulebook.queries import Rulebook
from doudi.web.rulebook.reviewing import APPROVALS


@dataclass(frozen=True, slots=True)
class Figure:
    """One parameter: its path, what it is called, its value in words."""

    path: str
    name: object
    value: object

    @property
    def is_unread(self) -> bool:
        """Whether nothing follows from it: an older version still bears it."""
        return self.path in UNREAD or _known(self.path) not in wording.FIGURES


#: figures of earlier versions that nothing ever followed from, or nothing does any more
UNREAD = frozenset(
    {
        "on_site_by.life",
        "make_safe_by.normal",
        "reply_by.enquiry",
        "reply_by.complex",
        "answer_by.return_of_order",
        "upstream_buffer",
        "likely_kinds_most",
        "photos.most",
        "photos.megabytes_each",
        "photos.longest_side_pixels",
        "phones.lift",
        "retention_days.public_scans",
        "retention_days.patrol_tracks",
    }
)


def figures(book: Rulebook) -> list[Figure]:
    return [
        Figure(path, wording.FIGURES.get(_known(path), _("不认识的参数")), _in_words(path, value))
        for path, value in _flat(book.parameters, "")
    ]


def _known(path: str) -> str:
    """What a town says of one channel or system alone bears the name of what it says of any."""
    first, _dot, rest = path.partition(".")
    return f"{first}.any" if rest and first in ("call_back_by", "satisfaction") else path


def _in_words(path: str, value: object) -> object:
    """Codes of approvals, seats and posts by what they are called."""
    if not isinstance(value, list):
        return value
    if path.startswith("satisfaction."):
        return Listed(f"{one['ask']}（{'／'.join(one['answers'])}）" for one in value)
    names: Mapping[str, object] = {}
    if path == "publishing.approvals":
        names = {code: one.label for code, one in APPROVALS.items()}
    elif path.startswith("tell_danger."):
        posts = Post.objects.filter(code__in=value).values_list("code", "name")
        names = {**dict(posts), **{str(one): one.label for one in Access}}
    return Listed(str(names.get(str(one), one)) for one in value)


def _flat(value: object, path: str) -> Iterator[tuple[str, object]]:
    match value:
        case {"amount": amount, "unit": unit}:
            yield path, Term.read(amount, unit).in_words()
        case Mapping():
            for key, one in value.items():
                yield from _flat(one, f"{path}.{key}" if path else str(key))
        case bool():
            yield path, _("是") if value else _("否")
        case _:
            yield path, value
