"""How facts become words on a page: sentences in the reader's language, moments as people say them.

Nothing here decides; it only says. The engine's sentences are Chinese templates with facts, and the template is
what gets translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.utils import formats
from django.utils.translation import get_language, gettext, ngettext

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message, msg
from doudi.web import clock


def say(sentence: object) -> str:
    """The sentence in the reader's language.

    Takes engine ``Message``, a ``DoudiError``, a mapping ``{"template", "facts"}`` as it is stored, or plain text. A fact
    may itself be a sentence or a moment. A template that asks for a fact nobody gave is shown as it stands: a page
    that says too little is better than no page.
    """
    match sentence:
        case None:
            return ""
        case Message() | DoudiError():
            template, facts = sentence.template, sentence.facts
        case {"template": str(template), **rest}:
            given = rest.get("facts")
            facts = given if isinstance(given, dict) else {}
        case _:
            return str(sentence)
    try:
        return (
            _template(template, facts).format(**{name: _fact(fact) for name, fact in facts.items()}) if template else ""
        )
    except (KeyError, IndexError, ValueError):
        return gettext(template)


def _template(template: str, facts: Mapping[str, object]) -> str:
    """In the reader's language; one that counts an ``amount`` may have a singular there."""
    if "amount" not in facts:
        return gettext(template)
    counted = ngettext(template, template, 1 if str(facts["amount"]) == "1" else 2)
    return gettext(template) if counted == template else counted


def _fact(fact: object) -> object:
    match fact:
        case Message() | DoudiError() | {"template": str()}:
            return say(fact)
        case datetime():
            return moment_words(fact)
        case date():
            return day_words(fact)
        case list() | tuple():
            return listed(str(_fact(one)) for one in fact)
    return fact


def listed(names: Iterable[str]) -> str:
    """Several names in one line, with the comma of the reader's language."""
    return ("、" if (get_language() or "").startswith("zh") else ", ").join(names)


def moment_words(at: datetime | None) -> str:
    """今天 14:05, 昨天 09:20, 11月3日 09:20; another year is named."""
    if at is None:
        return ""
    local = at.astimezone(clock.TOWN_ZONE)
    return f"{day_words(local.date())} {local:%H:%M}"


def day_words(on: date | None) -> str:
    if on is None:
        return ""
    today = clock.today()
    match (on - today).days:
        case 0:
            return gettext("今天")
        case -1:
            return gettext("昨天")
        case 1:
            return gettext("明天")
    if (get_language() or "").startswith("zh"):
        return f"{on.month}月{on.day}日" if on.year == today.year else f"{on.year}年{on.month}月{on.day}日"
    return formats.date_format(on, "j M" if on.year == today.year else "j M Y")


def full_moment(at: datetime) -> str:
    """For a tooltip and for print: 2026-11-24 14:05, town time."""
    return f"{at.astimezone(clock.TOWN_ZONE):%Y-%m-%d %H:%M}"


def span_words(span: timedelta) -> str:
    """A stretch of plain time in its two largest units: 2 天 3 小时, 45 分钟. Negative spans lose their sign."""
    minutes = int(abs(span).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = []
    if days:
        parts.append(ngettext("{n} 天", "{n} 天", days).format(n=days))
    if hours and days < 10:
        parts.append(ngettext("{n} 小时", "{n} 小时", hours).format(n=hours))
    if not days and (rest or not hours):
        parts.append(ngettext("{n} 分钟", "{n} 分钟", rest).format(n=rest))
    return " ".join(parts)


_UNITS = {
    "minute": "还剩 {amount} 分钟",
    "emergency_hour": "还剩 {amount} 小时",
    "working_hour": "还剩 {amount} 个工作时",
    "working_day": "还剩 {amount} 个工作日",
    "calendar_day": "还剩 {amount} 天",
}


def left_words(amount: float, unit: str) -> str:
    """What is left of a term in the term's own unit: 还剩 6 个工作时."""
    return say(msg(_UNITS.get(unit, _UNITS["calendar_day"]), amount=amount))
