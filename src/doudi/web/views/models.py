"""Lists kept under a name, and by which columns somebody reads a list."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.people.models import Person, Post

#: signs in a name, and in what is kept of an address
LONGEST, LONGEST_ASKED = 20, 500


class View(models.Model):
    """A list under a name, with its filters, its sort and its columns: one person's own, or shared with all of a post.

    ``asked`` is the query of the list's address without the words of a search, which may name people. A row without a
    name says by which columns its person reads the list when no view is open; it has no filters.
    """

    class List(models.TextChoices):
        MATTERS = "matters", _("事项")
        REPORTS = "reports", _("诉求单")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    which = models.CharField(max_length=10, choices=List.choices)
    name = models.CharField(max_length=LONGEST, blank=True)
    asked = models.CharField(max_length=LONGEST_ASKED, blank=True)
    columns = models.JSONField(default=list, help_text="names of columns; none: as the list is by itself")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, post__isnull=True)
                | models.Q(person__isnull=True, post__isnull=False, name__gt=""),
                name="a_view_is_somebodys",
            ),
            models.UniqueConstraint(fields=["person", "which", "name"], name="one_view_of_a_name"),
            models.UniqueConstraint(fields=["post", "which", "name"], name="one_view_of_a_name_for_a_post"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def journal_name(self) -> str:
        return f"view/{self.pk}"
