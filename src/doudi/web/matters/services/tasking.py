"""Pieces of procedure inside a matter: opened for its holder, ended with an outcome, and the matter waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from doudi.engine.matters.vocabulary import MatterEventKind, MatterNotice
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.journal.services import keep_text, plain
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Evidence, Matter, Task
from doudi.web.matters.reach import require_on
from doudi.web.matters.services import locking, notifying, requirements, transitions
from doudi.web.people.actor import Actor
from doudi.web.people.models import Appointment, Person


@locking.step
def open_task(
    actor: Actor,
    matter: Matter,
    module: str,
    *,
    due_at: datetime | None = None,
    person: Person | None = None,
    text: str = "",
) -> Task:
    """The holder, or the desk, begins a module; ``person``: one of the holder's post who is asked by name."""
    if matter.holder_id not in actor.posts:
        require_on(actor, Power.DISPATCH, matter)
    requirements.require_open(matter)
    if person is not None and not _sits(person, matter.holder_id):
        raise MatterStepError("{name}不在承办岗上，任务只能交给承办岗的人。", name=person.name)
    task = Task(
        matter=matter, module=module, post_id=matter.holder_id, person=person, opened_at=clock.now(), due_at=due_at
    )
    task.save(force_insert=True)
    _transition(actor, matter, MatterEventKind.TASK_OPENED, task, text)
    return task


@locking.step
def finish_task(
    actor: Actor, matter: Matter, task: Task, outcome: str, text: str, uploads: Sequence[Upload] = ()
) -> None:
    """It came out so; words say how."""
    if matter.holder_id not in actor.posts and task.post_id not in actor.posts:
        require_on(actor, Power.DISPATCH, matter)
    if not text.strip():
        raise MatterStepError("请写明这项任务是怎么办的。")
    _end(actor, task, Task.State.DONE, outcome)
    _transition(actor, matter, MatterEventKind.TASK_DONE, task, text, uploads)


@locking.step
def excuse_task(actor: Actor, matter: Matter, task: Task, text: str) -> None:
    """The desk says that it need not be done, and why."""
    require_on(actor, Power.DISPATCH, matter)
    if not text.strip():
        raise MatterStepError("请写明免办的理由。")
    _end(actor, task, Task.State.EXCUSED, "")
    _transition(actor, matter, MatterEventKind.TASK_EXCUSED, task, text)


@locking.step
def move_task(actor: Actor, matter: Matter, task: Task) -> None:
    """Whoever was asked by name has left the post: the task stays with the post, and with whoever holds the matter now."""
    changed = Task.objects.filter(pk=task.pk, state=Task.State.OPEN).update(person=None, post=matter.holder_id)
    if not changed:
        raise MatterStepError("这项任务已经结束。")
    task.refresh_from_db()
    _transition(actor, matter, MatterEventKind.TASK_MOVED, task, "")
    notifying.notify_post(matter, task.post_id, MatterNotice.TASK_MOVED)


def _end(actor: Actor, task: Task, state: str, outcome: str) -> None:
    now = clock.now()
    columns = {"state": state, "outcome": outcome[:40], "done_at": now, "done_by": actor.person}
    if not Task.objects.filter(pk=task.pk, state=Task.State.OPEN).update(**columns):
        raise MatterStepError("这项任务已经结束。")
    task.refresh_from_db()


def _transition(
    actor: Actor, matter: Matter, kind: MatterEventKind, task: Task, text: str, uploads: Sequence[Upload] = ()
) -> None:
    told = {
        "id": str(task.pk),
        "module": task.module,
        "post": task.post_id,
        "person": plain(task.person),
        "due_at": plain(task.due_at),
        "state": str(task.state),
        "outcome": task.outcome,
    }
    transitions.transition(
        actor, matter, kind, {}, {"task": told}, keep_text(text), uploads=uploads, stage=Evidence.Stage.AFTER
    )


def _sits(person: Person, post: str) -> bool:
    today = clock.today()
    return Appointment.objects.filter(person=person, post=post, since__lte=today).exclude(until__lte=today).exists()
