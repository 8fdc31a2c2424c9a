"""Looks at what is secret, and each time a number or a name was revealed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.journal.models import FreeText
from doudi.web.people.models import Person, Post


class Look(models.Model):
    """One person looked at one record. Its leaf tells the same.

    Of pages that were opened, one look of a sort is kept for a person, a record and an hour (``hour`` is its beginning);
    each reveal is kept for itself, with its purpose, and has no ``hour``.
    """

    class What(models.TextChoices):
        ORIGINAL = "original", _("原话")
        RETELLING = "retelling", _("转述")
        REPORTER = "reporter", _("显示姓名、电话和原文里的号码")
        NUMBERS = "numbers", _("显示原文里的号码")
        BLOCKED = "blocked", _("调阅已封存的内容")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    about = models.CharField(max_length=30, help_text="what the journal calls the record")
    what = models.CharField(max_length=10, choices=What.choices)
    page = models.CharField(max_length=40, help_text="the name of the page's address")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    hour = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["about"]), models.Index(fields=["person", "at"])]
        constraints = [
            models.UniqueConstraint(fields=["person", "about", "what", "hour"], name="one_look_an_hour"),
            models.CheckConstraint(
                condition=models.Q(hour__isnull=False) | models.Q(purpose__isnull=False),
                name="a_reveal_has_its_purpose",
            ),
        ]
