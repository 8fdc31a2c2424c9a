"""What was asked for under a key, and what came of it: the same asked twice is done once."""

from __future__ import annotations

from django.db import models

from doudi.web import clock


class Action(models.Model):
    """One thing that a form, a device or a program asked for. Same key and content: the first answer holds.

    The same key with other content is another action: a form that a browser brought back from its memory bears
    the mark of before, and what is written in it now must not be lost.
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, help_text="of all that was asked, see services.digest_of")
    outcome = models.JSONField(help_text="what came of it, by name: {report: id}")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "digest"], name="one_action_per_key_and_content")]
