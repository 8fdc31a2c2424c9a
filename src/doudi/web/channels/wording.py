"""What may leave the house: number, kind, public name of the place, due moment and a link; never words, names or telephones.

Of what is restricted or secret not even that: one matter, please sign in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from doudi.engine.numbers import printed_number
from doudi.web.areas.queries import areas, town_settings
from doudi.web.backstop.queries import kind_name
from doudi.web.channels.models import Delivery
from doudi.web.channels.senders import Message
from doudi.web.design.wording import moment_words
from doudi.web.matters.models import Matter
from doudi.web.matters.reading import near
from doudi.web.notices.models import Notice

#: lines in one message of a group
MOST_LINES = 15


@dataclass(frozen=True, slots=True)
class Outside:
    """What a message says of one notice."""

    lane: str
    number: str = ""
    kind: str = ""
    place: str = ""
    due: str = ""

    @property
    def line(self) -> str:
        facts = "，".join(part for part in (self.number, self.kind, self.place) if part)
        due = _("，期限 {due}").format(due=self.due) if self.due else ""
        return f"{self.lane}：{facts or _('有一件事，请登录查看')}{due}"


def outside(notice: Notice, matter: Matter | None) -> Outside:
    """What may be told of a notice; ``matter`` is the one that it is about, if it is about one."""
    lane = matter.get_lane_display() if matter is not None and matter.lane != Matter.Lane.NORMAL else ""
    lane = str(lane) or (_("紧急") if notice.urgent else _("通知"))
    if matter is None or matter.restricted or matter.secret:
        return Outside(lane)
    place = near(matter) if matter.unit else ""
    if not place and matter.area_id and matter.area_id in areas().areas:
        place = areas().path(matter.area_id)
    due = moment_words(matter.due_at) if matter.due_at else ""
    return Outside(lane, printed_number(matter.number), kind_name(matter), place, due)


def matter_of(notices: Sequence[Notice]) -> dict[str, Matter]:
    """The matters that notices are about, by the notices' paths, in one statement."""
    numbers = {path: path.rsplit("/", 1)[-1] for one in notices if (path := one.path).startswith("/matters/")}
    rows = Matter.objects.filter(number__in=set(numbers.values())).select_related("unit")
    found = {one.number: one for one in rows}
    return {path: found[number] for path, number in numbers.items() if number in found}


def message(deliveries: Sequence[Delivery], message_id: str, token: str) -> Message:
    """The message that tells these on their way; ``token`` acknowledges the one that a person is told."""
    first = deliveries[0]
    person = first.way.person
    with override(person.language if person else settings.LANGUAGE_CODE):
        notices = [one.notice for one in deliveries if one.notice]
        about = matter_of(notices)
        told = [outside(one, about.get(one.path)) for one in notices]
        lines = [one.line for one in told[:MOST_LINES]]
        if len(told) > MOST_LINES:
            lines.append(_("另有 {n} 件").format(n=len(told) - MOST_LINES))
        if not notices:
            lines.append(_("今天有一份通知汇总，请登录查看"))
        if any(one.twice for one in deliveries):
            lines.append(_("（这条可能重复收到）"))
        path = reverse("acknowledge", args=[token]) if token else reverse("notices")
        link = f"{settings.SITE_URL}{path}"
        lines.append(_("收到请点 {link}").format(link=link) if token else link)
        town = town_settings().town_name
        facts = {"link": link}
        if len(told) == 1:
            facts |= {"number": told[0].number, "kind": told[0].kind, "place": told[0].place, "due": told[0].due}
        subject = f"【{town}】{told[0].line if len(told) == 1 else _('{n} 条新通知').format(n=len(told) or 1)}"
        return Message(message_id, str(first.way.to), subject, "\n".join([f"【{town}】", *lines]), facts)


def trial(to: str, message_id: str) -> Message:
    """What a test says."""
    town = town_settings().town_name
    text = _("【{town}】这是一条测试消息，收到说明渠道已经接通。").format(town=town)
    return Message(message_id, to, _("【{town}】测试消息").format(town=town), text, {"kind": _("测试"), "number": "0"})
