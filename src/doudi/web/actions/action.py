"""One thing that may be done with a record, as a value: its words, what it asks for, who may, and the service that does it.

A slice keeps its actions in a tuple, offers them on the record's page with ``offers`` and ``row_offers``, and answers
the button with ``taking.take_action``. To add one is to add one ``Action``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from doudi.web.files.models import Upload
from doudi.web.people.actor import Actor

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

R = TypeVar("R")
Fields = Mapping[str, forms.Field]


@dataclass(frozen=True)
class ActionContext(ABC, Generic[R]):
    """Who stands before which record; ``row`` is the row of it that an action is about, where it is about one."""

    actor: Actor
    record: R
    row: Any = None

    @abstractmethod
    def address(self, name: str) -> str:
        """Where the form of the action of this name is sent."""

    @property
    @abstractmethod
    def page(self) -> str:
        """The record's own page."""

    @property
    def version(self) -> int | None:
        """The version of the record that the reader sees, so that nobody overwrites another; None: it has none."""
        return getattr(self.record, "version", None)


C = TypeVar("C", bound=ActionContext[Any])
if TYPE_CHECKING:
    #: words that are always the same, or that depend on the record
    Text = StrOrPromise | Callable[[C], str]


@dataclass(frozen=True, slots=True)
class Given:
    """What came with the press of the button: the answers by field, and the photographs that were kept."""

    answers: Mapping[str, Any]
    photos: Sequence[Upload] = ()

    def __getitem__(self, name: str) -> Any:
        return self.answers[name]

    def get(self, name: str, otherwise: object = None) -> Any:
        """The answer, or ``otherwise`` where this was not asked."""
        return self.answers.get(name, otherwise)


@dataclass(frozen=True, slots=True)
class Action(Generic[C]):
    """``name`` stands in the address; ``may`` says whether it is offered now; ``run`` calls the service, which decides.

    ``done``: what is said then; empty where the page says it by what was made.
    ``fields``: what is asked for, or a function that says so for a record; nothing: the press alone is enough.
    ``check`` adds to the form what does not hold between its fields.
    ``rows``: the action is about one of these rows of the record, each known in the form by its ``key``.
    ``main`` stands out; ``tone`` ``danger`` undoes something; ``asks``: the hint is a question that can be left again.
    ``way_back``: what the note of success bears, so that the step can be taken back from it (`design.way_back`).
    ``stroke``: the key that opens its form. ``on_demand``: its form offers hundreds of choices, so it is made on request.
    """

    name: str
    label: Text[C]
    icon: str
    may: Callable[[C], bool]
    run: Callable[[C, Given], object]
    done: StrOrPromise
    fields: Fields | Callable[[C], Fields] = field(default_factory=dict)
    check: Callable[[forms.Form], None] | None = None
    rows: Callable[[C], Iterable[Any]] | None = None
    key: Callable[[Any], str] = lambda row: str(row.pk)
    hint: Text[C] = ""
    tone: str = ""
    main: bool = False
    asks: bool = False
    on_demand: bool = False
    stroke: str = ""
    way_back: Callable[[C], str] | None = None

    def form(
        self, context: C, data: QueryDict | None = None, files: MultiValueDict[str, Any] | None = None
    ) -> ActionForm:
        """Its form, empty or filled in. Ids bear the row, since many forms of one name stand on a page."""
        made = self.fields(context) if callable(self.fields) else deepcopy(dict(self.fields))
        if self.rows is not None:
            row = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40, initial=self.key_of(context))
            made = {"row": row, **made}
        return ActionForm(made, data, files, check=self.check, auto_id=f"{self.mark(context)}-%s")

    def key_of(self, context: C) -> str:
        return self.key(context.row) if context.row is not None else ""

    def mark(self, context: C) -> str:
        """Its id on the page."""
        key = self.key_of(context)
        return f"{self.name}-{key[-6:]}" if key else self.name

    def find(self, context: C, key: str) -> Any:
        """The row that a form names; None if it is none of this record's."""
        rows = self.rows(context) if self.rows else ()
        return next((row for row in rows if self.key(row) == key), None)


class ActionForm(forms.Form):
    """The fields of one action."""

    def __init__(
        self, fields: Fields, *args: Any, check: Callable[[forms.Form], None] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields.update(fields)
        self._check = check

    def clean(self) -> dict[str, object]:
        if self._check is not None:
            self._check(self)
        return self.cleaned_data


@dataclass(frozen=True, slots=True)
class Offer:
    """An action as the page shows it: button and form. ``form`` is None where it is made on demand.

    ``opened``: its form stands open; after a refusal filled in, with its words and the photographs already ``kept``.
    """

    action: Action[Any]
    label: StrOrPromise
    hint: StrOrPromise
    mark: str
    key: str
    address: str
    page: str
    version: int | None
    form: ActionForm | None
    opened: bool = False
    kept: str = ""
    kept_photos: int = 0


def offer(
    action: Action[C],
    context: C,
    form: ActionForm | None,
    *,
    opened: bool = False,
    kept: str = "",
    kept_photos: int = 0,
) -> Offer:
    """The action with its words for this record."""
    return Offer(
        action,
        action.label(context) if callable(action.label) else action.label,
        action.hint(context) if callable(action.hint) else action.hint,
        action.mark(context),
        action.key_of(context),
        context.address(action.name),
        context.page,
        context.version,
        form,
        opened,
        kept,
        kept_photos,
    )


def offers(
    actions: Iterable[Action[C]], context: C, tried: Offer | None = None, *, asked: Iterable[str] = (), opened: str = ""
) -> dict[str, Offer]:
    """What this person may do with the record itself now, by name.

    The one just ``tried`` and refused keeps its words; the one ``opened`` by the address stands open; the forms
    ``asked`` for are made even if they are on demand.
    """
    found: dict[str, Offer] = {}
    for action in actions:
        if action.rows is None:
            made = _offered(action, context, tried, shown={opened, *asked}, opened=opened)
            if made is not None:
                found[action.name] = made
    return found


def row_offers(actions: Iterable[Action[C]], context: C, tried: Offer | None = None) -> list[Offer]:
    """What this person may do now with the row of ``context``."""
    made = (_offered(action, context, tried) for action in actions if action.rows is not None)
    return [one for one in made if one is not None]


def _offered(
    action: Action[C], context: C, tried: Offer | None, *, shown: Iterable[str] = (), opened: str = ""
) -> Offer | None:
    if tried is not None and tried.action.name == action.name and tried.key == action.key_of(context):
        return tried
    if not action.may(context):
        return None
    form = action.form(context) if not action.on_demand or action.name in shown else None
    return offer(action, context, form, opened=action.name == opened)
