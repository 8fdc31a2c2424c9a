"""A call is taken down: while the caller speaks the desk shows what is known; sent, it says who holds it and until when."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.shifts.slips import parse_slip
from doudi.engine.triage.splitting import split
from doudi.web.answers.queries import answers_about
from doudi.web.areas.queries import AreaDirectory, areas
from doudi.web.design.wording import say
from doudi.web.desk.entry_form import EntryForm
from doudi.web.desk.queries import choices, hearing, lists
from doudi.web.files.models import Upload
from doudi.web.files.services import keep_photos
from doudi.web.journal.services import unit_of_work
from doudi.web.matters import services
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import matter_by_number
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for, refusal
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import Rulebook, rulebook_on
from doudi.web.shifts import services as slips
from doudi.web.triage import marks
from doudi.web.triage.services import Incoming, Received, receive, was_received


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.DISPATCH)
def entry(request: ActorRequest) -> HttpResponseBase:
    """The empty form; sent, what was received, or the form again with what to mend."""
    book, places = rulebook_on(), areas()
    if request.method != "POST":
        return _show(request, EntryForm(None, None, book, places, request.GET.get("slip", "")), book)
    form = EntryForm(request.POST, request.FILES, book, places)
    if not form.is_valid():
        return _show(request, form, book, status=400)
    photos = keep_photos(form.cleaned_data["photos"])
    incoming = _incoming(form, key=marks.key_of(request, form.said, photos.kept), uploads=photos.kept)
    try:
        received = _receive(request.actor, incoming, request.POST.get("twin", ""), form.cleaned_data["slip"])
    except DoudiError as error:
        form.add_error(None, say(error))
        return _show(request, form, book, status=refusal(error))
    return _done(request, received, [say(one) for one in photos.refused], book, places)


@never_cache
@require_POST
@only_for(Power.DISPATCH)
def entry_hear(request: ActorRequest) -> HttpResponse:
    """What is known of the caller and of his words so far; a part of the page."""
    book, places = rulebook_on(), areas()
    form = EntryForm(request.POST, None, book, places)
    form.is_valid()
    said = form.cleaned_data
    facts = {
        "earlier": hearing.earlier_reports(request.actor, str(said.get("phone", "")), book, places),
        "heard": hearing.hear(request.actor, _incoming(form), book, places),
        "kept": answers_about("\n".join(form.said)),
        "spoken": bool(form.said or said.get("address")),
        "kind": request.POST.get("kind", ""),
        "place": request.POST.get("place", ""),
        "twin": request.POST.get("twin", ""),
        "several": len(form.said) > 1,
        "pieces": [one.of(form.said[0]) for one in split(form.said[0])] if len(form.said) == 1 else [],
    }
    return render(request, "desk/_hearing.html", facts)


def _incoming(form: EntryForm, *, key: str = "", uploads: tuple[Upload, ...] = ()) -> Incoming:
    """The report as it was taken down. Several things said are as many demands, and each finds its own kind."""
    given, said = form.cleaned_data, form.said
    unit, area = given.get("place") or ("", "")
    several = len(said) > 1
    return Incoming(
        channel=given.get("channel") or Report.Channel.PHONE,
        words="\n".join(said),
        demands=said if several else (),
        unit_code=unit or given.get("address", ""),
        area_code=area,
        address=given.get("address", ""),
        picked_kind="" if several else given.get("kind", ""),
        name=given.get("name", ""),
        phone=given.get("phone", ""),
        secret=bool(given.get("secret")),
        uploads=uploads,
        received_at=form.moment(),
        key=key,
    )


@unit_of_work()
def _receive(actor: Actor, incoming: Incoming, twin: str, written: str) -> Received:
    """Receive it, and join its work with that of a matter that the clerk knows to be the same; both or neither.

    ``written``: the number of the slip on which it stood, which is used up by this.
    """
    incoming = replace(incoming, slip=parse_slip(written) if written else "")
    slip = slips.claim(written) if written and not was_received(incoming) else None
    # Whoever names the kind has dispatched it; what the words alone say is confirmed as ever.
    [received] = receive([incoming], auto_dispatch=True if incoming.picked_kind else None, actor=actor)
    if slip is not None:
        slips.fill(actor, slip, received.report)
    if twin and not received.known and len(received.matters) == 1:
        try:
            into = matter_by_number(actor, twin)
        except Http404 as gone:
            raise DoudiError("要并入的那一件已经不在了，请重新选。") from gone
        services.merge(actor, received.matters[0], into, _("登记时认出是同一件事"))
    return received


def _done(
    request: ActorRequest, received: Received, refused: list[str], book: Rulebook, places: AreaDirectory
) -> HttpResponse:
    found = Matter.objects.filter(pk__in=[one.pk for one in received.matters]).values_list("pk", "merged_into")
    rows = lists.with_holder(Matter.objects.filter(pk__in=[into or pk for pk, into in found]))
    facts = {
        "report": received.report,
        "rows": lists.rows_of(rows, book, places),
        "link": request.build_absolute_uri(reverse("receipt", args=[received.token])) if received.token else "",
        "refused": refused,
        "known": received.known,
    }
    return render(request, "desk/entry_done.html", facts)


def _show(request: ActorRequest, form: EntryForm, book: Rulebook, status: int = 200) -> HttpResponse:
    facts = {"form": form, "mark": request.POST.get("mark") or marks.new_mark(), "kinds": choices.kind_labels(book)}
    return render(request, "desk/entry.html", facts, status=status)
