"""Hands of the backstop: crews, what they are sent to do for safety, and what was reported upward as a problem."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.journal.models import FreeText
from doudi.web.matters.models import Matter
from doudi.web.people.models import Office, Person, Post


class Crew(models.Model):
    """A team that can be sent, the town's own or a contractor's. ``post``: whoever is rostered there is its lead tonight."""

    code = models.SlugField(primary_key=True, max_length=40)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=60)
    phone = models.CharField(
        max_length=30, blank=True, help_text="the crew's own line, where nobody of it is on the roster"
    )
    works = models.JSONField(default=list, help_text="what it can do (engine.resources.works)")
    areas = models.ManyToManyField(Area, related_name="+", blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CrewPrice(models.Model):
    """A line of a crew's price list. A line is ended and a new one added; orders keep the price they were given at."""

    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, related_name="prices")
    work = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=12)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["crew", "work", "name"]
        constraints = [models.CheckConstraint(condition=models.Q(price__gte=0), name="price_not_below_nothing")]


class MakeSafeOrder(models.Model):
    """A crew was sent to make a place safe: what, how much, at which price, and how far it is."""

    class State(models.TextChoices):
        ORDERED = "ordered", _("已派")
        ON_SITE = "on_site", _("已到场")
        DONE = "done", _("已完成")
        CANCELLED = "cancelled", _("已取消")

    UNDER_WAY = (State.ORDERED, State.ON_SITE)

    #: told by the events of its matter, under ``order``
    TOLD = (
        *("id", "crew_id", "work", "what", "quantity", "unit", "price", "authority", "state", "ordered_at"),
        *("by_post_id", "by_person_id", "on_site_at", "ended_at"),
    )

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, related_name="+")
    work = models.CharField(max_length=12)
    what = models.CharField(max_length=60)
    quantity = models.DecimalField(max_digits=10, decimal_places=2)
    unit = models.CharField(max_length=12)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    authority = models.CharField(
        max_length=120, blank=True, help_text="whose consent or order, where the town has no power"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.ORDERED)
    ordered_at = models.DateTimeField()
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on_site_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["ordered_at", "id"]
        indexes = [models.Index(fields=["matter", "state"]), models.Index(fields=["state", "ordered_at"])]
        constraints = [models.CheckConstraint(condition=models.Q(quantity__gt=0), name="order_of_something")]

    @property
    def cost(self) -> Decimal:
        return (self.quantity * self.price).quantize(Decimal("0.01"))


class ProblemReport(models.Model):
    """What stood in the problem bank when it was reported upward, month by month. Written once."""

    month = models.CharField(max_length=7, help_text="2026-11")
    edition = models.PositiveSmallIntegerField(default=1)
    rows = models.JSONField(default=list)
    made_at = models.DateTimeField()
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-month", "-edition"]
        constraints = [models.UniqueConstraint(fields=["month", "edition"], name="one_report_per_edition")]
