"""What the load asks for, read from the town: ``python -m bench.requests.asking WHAT …`` prints it as JSON."""

from __future__ import annotations

import json
import sys
from random import Random
from typing import Any

import django

SEED = 11


def reports(count: str) -> list[dict[str, str]]:
    """As many different unit codes whose plaques serve, each with what a passer-by says there; every third taps a kind."""
    from doudi.web.demo.speech import topics
    from doudi.web.rulebook.queries import rulebook_on
    from doudi.web.units.models import Plaque, Unit

    dice = Random(SEED)
    units = Unit.objects.filter(
        until__isnull=True, pk__in=Plaque.objects.filter(state=Plaque.State.ACTIVE).values("unit")
    )
    chosen = dice.sample(sorted(units.values_list("code", "type")), int(count))
    pickable = [kind.code for kind in rulebook_on().catalogue.pickable]
    said = topics()
    found = []
    for code, type_ in chosen:
        topic = dice.choice([one for one in said if one.fits(type_)] or said)
        words = dice.choice(topic.said).replace("{place}", "这里").replace("{", "").replace("}", "")
        phone = f"130{dice.randrange(10**8):08}" if dice.random() < 0.5 else ""
        found.append(
            {
                "code": code,
                "kind": dice.choice(pickable) if dice.random() < 1 / 3 else "",
                "words": words,
                "phone": phone,
            }
        )
    return found


def desk() -> dict[str, Any]:
    """What the duty officer asks of the desk: tabs, filters and both, with the busiest village, office and group."""
    from django.db.models import Count

    from doudi.web.areas.models import Area
    from doudi.web.matters.models import Matter
    from doudi.web.rulebook.queries import rulebook_on

    def busiest(column: str) -> Any:
        newest = Matter.objects.order_by("-id")[:2000].values("pk")
        return Matter.objects.filter(pk__in=newest).values(column).annotate(n=Count("pk")).order_by("-n")[0][column]

    grid = Area.objects.get(pk=busiest("area"))
    group = rulebook_on().catalogue.tree.parent(busiest("kind"))
    office = busiest("holder__office")
    village = grid.parent_id
    filters = [
        "",
        "tab=to_dispatch",
        "tab=late",
        "tab=all",
        f"area={village}",
        f"tab=all&area={village}",
        f"group={group}",
        f"tab=all&group={group}",
        f"office={office}",
        f"tab=all&office={office}&area={grid.code}",
        "channel=hotline&lane=normal",
        "tab=all&channel=hotline",
        "tab=all&status=closed&since=2026-01-01&until=2026-03-31",
    ]
    return {
        "session": session("zhiban"),
        "paths": [f"/desk?{one}" for one in filters],
        "searches": ["/desk?q=%E5%9E%83%E5%9C%BE", "/desk?tab=all&q=%E5%9E%83%E5%9C%BE"],
    }


def open_desks(count: str) -> dict[str, Any]:
    """Sessions of whoever has a desk, in turn, and what their open lists ask for."""
    from doudi.engine.people.vocabulary import Power
    from doudi.web.people.actor import Actor
    from doudi.web.people.models import Person

    people = [one for one in Person.objects.filter(is_active=True) if Actor.of(one).may(Power.SEE_DESK)]
    listed = [path.replace("/desk?", "/desk/live?") for path in desk()["paths"]]
    sessions = [_session(people[number % len(people)]) for number in range(int(count))]
    return {"sessions": sessions, "people": len(people), "paths": listed}


def length() -> int:
    """How many leaves the journal has."""
    from doudi.web.journal import queries

    return queries.length()


def session(username: str) -> str:
    """The key of a session in which this person is signed in."""
    from doudi.web.people.models import Person

    return _session(Person.objects.get(username=username))


def steps(count: str) -> dict[str, Any]:
    """As many matters that wait to be taken by one post, with a session of whoever sits there."""
    from doudi.web import clock
    from doudi.web.jobs.services import skip
    from doudi.web.matters.models import Matter
    from doudi.web.people.models import Appointment
    from doudi.web.triage.services import Incoming, receive

    dice, wanted = Random(SEED), int(count)
    asked = [one for one in reports("1000") if one["kind"]]
    by_post: dict[str, list[str]] = {}
    while not by_post or max(map(len, by_post.values())) < wanted:
        batch = [
            Incoming(
                channel="scan", words=one["words"], unit_code=one["code"], picked_kind=one["kind"], phone=one["phone"]
            )
            for one in dice.sample(asked, min(200, len(asked)))
        ]
        for received in receive(batch, auto_dispatch=True):
            for matter in received.matters:
                if matter.status == Matter.Status.ACCEPTED and not matter.unclear:
                    by_post.setdefault(matter.holder_id, []).append(matter.number)
    # The notices of so many would be told during the measuring; in a town they were told as the matters came.
    skip(clock.now())
    held = Appointment.objects.filter(
        since__lte=clock.today(), until__isnull=True, person__is_active=True
    ).select_related("person")
    sitting = {one.post_id: one.person for one in held}
    post = max((post for post in by_post if post in sitting), key=lambda post: len(by_post[post]))
    return {"session": _session(sitting[post]), "numbers": by_post[post], "post": post}


def _session(person: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(globals()[sys.argv[1]](*sys.argv[2:]), ensure_ascii=False))
