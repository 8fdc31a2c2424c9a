"""What people ask about what is kept of them (PIPL 44–47), each with the day by which it is answered."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.journal.models import FreeText
from doudi.web.people.models import Person
from doudi.web.records.errors import StaleError
from doudi.web.reports.models import Report


class PersonalRequest(models.Model):
    """Somebody wants to see, correct or have erased what a report holds of them. Its leaves tell that, and how it ended.

    Erasable: the words of ``words`` and ``answer``.
    """

    class Kind(models.TextChoices):
        SEE = "see", _("查阅、复制")
        CORRECT = "correct", _("更正、补充")
        ERASE = "erase", _("删除")

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        ANSWERED = "answered", _("已答复")

    class Outcome(models.TextChoices):
        SHOWN = "shown", _("已告知")
        CORRECTED = "corrected", _("已更正")
        ERASED = "erased", _("已删除")
        BLOCKED = "blocked", _("按档案规定保留，已封存")
        CONTACT_ERASED = "contact", _("联系方式已删除，内容办结前还要用")
        REFUSED = "refused", _("不能办")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="who wrote it down"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    answer = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind"], condition=models.Q(state="open"), name="one_open_request_of_a_kind"
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("personal_request", args=[self.pk])

    @property
    def journal_name(self) -> str:
        return f"request/{self.pk}"

    def stale(self) -> StaleError:
        """What is said to anyone who answers second."""
        return StaleError("这份请求刚刚已经有人答复，请刷新后再看。")
