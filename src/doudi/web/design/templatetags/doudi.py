"""The words and pieces every template may use; loaded everywhere as builtins.

Tags      {% icon "clock" %}  {% say words %}  {% moment at %}  {% day on %}  {% span length %}  {% text_size %}
Pieces    {% state matter %}  {% lane matter %}  {% due clock left=3 %}  {% holder post since=… reason=… clock=… %}
          {% field bound %}  {% photos items %}  {% timeline entries %}  {% nothing "…" %}  {% trouble words %}  {% pager page %}
          {% way_back note as back %}
Filters   actor|may:"see_desk"   code|printed   names|listed   share|percent
For changed query strings use Django's own {% querystring page=2 %}.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.secrecy.masking import masked
from doudi.engine.units.codes import UnitCode
from doudi.web import clock
from doudi.web.design import badges, nav, wording
from doudi.web.design.due import due_title, due_view
from doudi.web.design.way_back import WayBack, borne

register = template.Library()

ICONS = "doudi/vendor/tabler-icons.svg"
LARGE_TEXT_COOKIE = "doudi_text"


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A picture from the sprite. Without ``label`` it is decoration and hidden from screen readers."""
    return _icon(name, str(label), size)


@lru_cache(maxsize=500)
def _icon(name: str, label: str, size: str) -> SafeString:
    size_class = f" icon-{size}" if size else ""
    if label:
        return format_html(
            '<svg class="ico{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            size_class,
            label,
            static(ICONS),
            name,
        )
    return format_html(
        '<svg class="ico{}" aria-hidden="true"><use href="{}#{}"></use></svg>', size_class, static(ICONS), name
    )


@register.simple_tag
def way_back(message: Any) -> WayBack | None:
    """The way back that a note of success bears, while there is one."""
    return borne(message.extra_tags or "")


@register.simple_tag
def say(words: object) -> str:
    return wording.say(words)


@register.simple_tag
def moment(at: datetime | None) -> str | SafeString:
    """今天 14:05, with the exact moment for machines and as a tooltip."""
    if at is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="minutes"),
        wording.full_moment(at),
        wording.moment_words(at),
    )


@register.simple_tag
def span(length: timedelta) -> str:
    """2 天 3 小时."""
    return wording.span_words(length)


@register.simple_tag
def day(on: date | datetime | None) -> str | SafeString:
    """今天, 11月3日; of a moment the day in the town, since the day of a moment is in UTC."""
    if on is None:
        return ""
    if isinstance(on, datetime):
        on = clock.day_of(on)
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), wording.day_words(on))


@register.simple_tag(takes_context=True)
def text_size(context: template.Context) -> str:
    """``large`` when this reader asked for large text; kept in a cookie, so that public pages need no account."""
    request = context.get("request")
    return "large" if request is not None and request.COOKIES.get(LARGE_TEXT_COOKIE) == "large" else "normal"


@register.simple_tag
def state(thing: Any) -> SafeString:
    return _badge(badges.state_badge(thing))


@register.simple_tag
def lane(thing: Any, always: bool = False) -> str:
    """Nothing for the normal lane unless ``always``."""
    return "" if str(thing.lane) == "normal" and not always else _badge(badges.lane_badge(thing))


@lru_cache(maxsize=500)
def _badge(badge: badges.Badge) -> SafeString:
    """A state or lane in word, picture and colour; there are few of them, and a list shows each many times."""
    return format_html('<span class="state tone-{}">{}{}</span>', badge.tone, icon(badge.icon), badge.label)


@register.inclusion_tag("design/due.html")
def due(promise: Any, left: object = None, done: datetime | None = None) -> dict[str, Any]:
    """``promise``: a clock row or a due moment; ``left``: what remains, in words, as the caller's calendar counts it.

    ``done``: when the work was done that nobody has checked yet.
    """
    view = due_view(promise, left, done)
    return {"view": view, "title": due_title(view)}


@register.inclusion_tag("design/holder.html")
def holder(
    post: Any, since: datetime | None = None, reason: object = None, clock: Any = None, left: object = None
) -> dict[str, Any]:
    """The sentence on top of every matter: who holds it, since when, why, until when."""
    return {"post": post, "since": since, "reason": wording.say(reason).rstrip("。"), "clock": clock, "left": left}


@register.inclusion_tag("design/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """One labelled field with its help and its errors."""
    return {"field": bound, "hint": hint or bound.help_text, "kind": bound.widget_type}


@register.inclusion_tag("design/photos.html")
def photos(items: Iterable[Any]) -> dict[str, Any]:
    """``items``: each with ``href``, ``small`` (address of the thumbnail) and ``label``."""
    return {"items": list(items)}


@register.inclusion_tag("design/timeline.html")
def timeline(entries: Iterable[Any], plain: bool = False) -> dict[str, Any]:
    """``entries``: each with ``at``, ``title`` (words or text) and perhaps ``icon``, ``by``, ``words``, ``photos``, ``tone``."""
    return {"entries": list(entries), "plain": plain}


@register.inclusion_tag("design/nothing.html")
def nothing(title: str, hint: str = "", href: str = "", action: str = "", picture: str = "list") -> dict[str, Any]:
    """An empty place: what it means that nothing is here, and what to do."""
    return {"title": title, "hint": hint, "href": href, "action": action, "picture": picture}


@register.inclusion_tag("design/trouble.html")
def trouble(words: object, next_step: str = "", kept: bool = True) -> dict[str, Any]:
    """What went wrong, that nothing is lost (``kept``), and the next step."""
    return {"words": wording.say(words), "next_step": next_step, "kept": kept}


@register.inclusion_tag("design/pager.html", takes_context=True)
def pager(context: template.Context, page: Any) -> dict[str, Any]:
    """``page``: with ``newer`` and ``older``, the cursors of the neighbours or empty, and perhaps ``words`` ("第 1–50 条")."""
    return {"request": context.get("request"), "page": page}


@register.simple_tag(takes_context=True)
def nav_items(context: template.Context) -> list[dict[str, Any]]:
    """``{% nav_items as open_items %}``: the entries of the desk's navigation that this person may use."""
    request, actor = context.get("request"), context.get("actor")
    return nav.nav_items(actor, request.path) if request is not None and actor else []


@register.filter(name="masked")
def masked_words(text: Any) -> str:
    """``{{ words|masked }}``: without the numbers of persons."""
    return masked(str(text or ""))


@register.filter
def may(actor: Any, power: str) -> bool:
    """``{% if actor|may:"see_desk" %}``; nobody may anything. Raises ValueError for a power that does not exist."""
    asked = Power(power)
    return bool(actor) and actor.may(asked)


@register.filter
def listed(names: Iterable[object]) -> str:
    """Names in one line, with the comma of the reader's language."""
    return wording.listed(str(name) for name in names)


@register.filter
def percent(share: float | None) -> str:
    """0.0123 as 1.2%; something that is nearly nothing does not look like nothing."""
    if not share:
        return "0" if share is not None else ""
    return "<0.1%" if share < 0.001 else f"{share * 100:.1f}%"


@register.filter
def far(metres: int) -> str:
    """How far away something is, as one says it."""
    return gettext("{n} 米").format(n=metres) if metres < 1000 else gettext("{n} 公里").format(n=f"{metres / 1000:.1f}")


@register.filter
def printed(code: object) -> str:
    """A unit code as it stands on the plaque; anything else as it is."""
    try:
        return UnitCode.parse(str(code)).printed
    except DoudiError:
        return str(code)
