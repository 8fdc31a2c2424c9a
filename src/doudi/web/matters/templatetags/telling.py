"""What a template may say of a matter: ``{% load telling %}``, then ``{{ matter|told }}``, ``{{ matter|near }}``,
``{{ words|written_about:matter }}``.
"""

from __future__ import annotations

from django import template

from doudi.engine.secrecy.masking import masked, without_person
from doudi.web.matters import reading
from doudi.web.matters.models import Matter

register = template.Library()


@register.filter
def told(matter: Matter) -> str:
    """The words of the matter as everybody may read them."""
    return reading.told([matter])[matter.pk].words


@register.filter
def near(matter: Matter) -> str:
    """Its unit or address; without the flat where it is secret."""
    return reading.near(matter)


@register.filter
def written_about(words: object, matter: Matter) -> str:
    """What a colleague wrote about the matter, without numbers; of a secret one without anything that names somebody."""
    text = str(words or "")
    return without_person(text) if matter.secret else masked(text)
