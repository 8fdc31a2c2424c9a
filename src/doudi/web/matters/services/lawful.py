"""What statute or the three lists name stands against a clerk, by whatever step; the shift leader may say otherwise."""

from __future__ import annotations

from doudi.engine.duties.answers import AnswerStatus
from doudi.engine.duties.book import Answer
from doudi.engine.duties.clipping import ClippingError, require_lawful
from doudi.engine.people.vocabulary import Power
from doudi.web.duties.queries import book_under
from doudi.web.matters.errors import ApplicationError, MatterStepError
from doudi.web.matters.models import Matter
from doudi.web.matters.reach import may_on
from doudi.web.matters.services.intake import question_for
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import Rulebook, rulebook_of


def require_dispatch(rulebook: Rulebook, answer: Answer, holder: Post) -> None:
    """A clerk does not dispatch against statute or the three lists; the shift leader is asked. Raises MatterStepError."""
    if told := _against(rulebook, answer, holder):
        raise MatterStepError(
            "规则 {rule}（{list}，{source}）已定由{post}承办；派给{other}要由值班长同意：请先按规则派，再提请“与清单不符的派遣”。",
            **told,
        )


def require_grant(actor: Actor, matter: Matter, holder: Post) -> None:
    """Nor does a clerk grant a transfer that leads there. Raises ApplicationError."""
    if told := _taken_there(actor, matter, holder):
        raise ApplicationError(
            "规则 {rule}（{list}，{source}）已定由{post}承办；改派给{other}要由值班长答复同意。", **told
        )


def require_merge(actor: Actor, matter: Matter, into: Matter) -> None:
    """Nor join the matter with one that another post holds against them. Raises MatterStepError."""
    if matter.holder_id != into.holder_id and (told := _taken_there(actor, matter, into.holder)):
        raise MatterStepError(
            "规则 {rule}（{list}，{source}）已定由{post}承办；并入{other}承办的事项要由值班长来并。", **told
        )


def _taken_there(actor: Actor, matter: Matter, holder: Post) -> dict[str, object]:
    """What to say where a clerk's step gives the matter as it stands to this holder; nothing to a shift leader's."""
    if not matter.kind or may_on(actor, Power.SUPERVISE, matter):
        return {}
    rulebook = rulebook_of(matter.rulebook_id)
    question = question_for(rulebook, matter.kind, matter.unit, matter.area_id, matter.facts, at=matter.accepted_at)
    return _against(rulebook, book_under(rulebook).answer(question), holder)


def _against(rulebook: Rulebook, answer: Answer, holder: Post) -> dict[str, object]:
    """What to say of the rule that another role than the holder's stands in; nothing where the step is lawful."""
    if answer.status not in (AnswerStatus.RULE, AnswerStatus.CONFLICT):
        return {}
    duties = book_under(rulebook)
    try:
        require_lawful([duties.rule(code) for code in answer.rules], holder.role)
    except ClippingError as error:
        named = {name: error.facts[name] for name in ("rule", "list", "source")}
        return {**named, "post": Post.objects.get(code=answer.post).name, "other": holder.name}
    return {}
