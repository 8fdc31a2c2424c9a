"""What a pack says at the moment of printing."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.engine.danger.calls import NUMBERS, Service
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.queries import town_settings
from doudi.web.backstop.queries import all_crews, kind_name, where
from doudi.web.design.wording import full_moment, listed, moment_words
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import visible
from doudi.web.matters.reading import Told, told
from doudi.web.people.actor import Actor
from doudi.web.resources.queries import on_now, who_answers_each
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.shifts.models import Pack
from doudi.web.shifts.paper import BlankSlip, Section, pack_pdf
from doudi.web.shifts.queries import by_lane
from doudi.web.shifts.services.slips import link_of

#: a printed list that nobody can carry helps nobody
MOST_MATTERS = 400
SERVICES = {
    Service.POLICE: gettext_lazy("公安"),
    Service.FIRE: gettext_lazy("消防"),
    Service.AMBULANCE: gettext_lazy("急救"),
    Service.TRAFFIC: gettext_lazy("交通事故"),
    Service.GAS: gettext_lazy("燃气抢修"),
    Service.POWER: gettext_lazy("供电抢修"),
    Service.WATER: gettext_lazy("供水抢修"),
}


def printed_pack(actor: Actor, pack: Pack) -> bytes:
    """The pack as a PDF, as things stand now; its slips that are still blank are printed again."""
    town = town_settings()
    blank = pack.slips.filter(report=None, void_at=None).order_by("number")
    slips = [
        BlankSlip(one.number, f"{settings.SITE_URL}{reverse('receipt', args=[link_of(one.number)])}") for one in blank
    ]
    lead = _("{now} 打印，{name}。断网时照此办理；恢复后在“登记”里按登记单编号和单上的时间补录。").format(
        now=full_moment(clock.now()), name=actor.person.name if actor.person else ""
    )
    sections = [_phones(town.hotline), _roster(), _crews(), _open_matters(actor)]
    title = _("{town} 断网应急包").format(town=town.town_name)
    return pack_pdf(title, lead, [one for one in sections if one.rows], slips, town.hotline)


def _phones(hotline: str) -> Section:
    numbers = {**NUMBERS, **rulebook_on().phones}
    rows = [(str(name), numbers[service]) for service, name in SERVICES.items()]
    return Section(_("应急电话"), ((_("找谁"), 1), (_("电话"), 2)), [*rows, (_("热线"), hotline)])


def _roster() -> Section:
    rows = [
        (one.post.name, one.name, one.phone, f"{moment_words(one.starts_at)} – {moment_words(one.ends_at)}")
        for one in on_now()
    ]
    columns = ((_("岗位"), 4), (_("姓名"), 2), (_("电话"), 3), (_("班次"), 4))
    return Section(_("此刻值班"), columns, rows)


def _crews() -> Section:
    rows = [
        (one.crew.name, one.crew.office.name, one.answering.name, one.answering.phone or one.crew.phone)
        for one in all_crews()
    ]
    columns = ((_("队伍"), 4), (_("单位"), 4), (_("接电话的人"), 2), (_("电话"), 3))
    return Section(_("应急队伍"), columns, rows)


def _open_matters(actor: Actor) -> Section:
    standing = visible(actor.only(Power.DISPATCH)).filter(status__in=Matter.OPEN)
    rows = list(by_lane(standing).select_related("holder__office", "unit", "area")[:MOST_MATTERS])
    more = standing.count() - len(rows)
    answering = who_answers_each({one.holder_id: one.holder for one in rows}.values())
    columns = ((_("编号"), 4), (_("事项"), 6), (_("地点"), 5), (_("承办岗和电话"), 5), (_("期限"), 3))
    note = _("另有 {n} 件没有列出。").format(n=more) if more else ""
    said = told(one for one in rows if not one.secret)
    lines = [_line(one, said.get(one.pk), answering[one.holder_id].phone) for one in rows]
    return Section(_("在办事项"), columns, lines, note)


def _line(matter: Matter, said: Told | None, phone: str) -> tuple[str, ...]:
    if said is None or matter.restricted:
        return (matter.number, "", "", "", "")
    what = listed(part for part in (kind_name(matter), said.words) if part)
    due = moment_words(matter.due_at) if matter.due_at else ""
    return (matter.number, what, where(matter), f"{matter.holder.name} {phone}", due)
