"""Photographs and tables that no record names: kept for a form that was never sent, or left by a refusal."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, ForeignObjectRel, OuterRef

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.files.services import forget

#: a form that was refused keeps its photographs for a day
KEPT_FOR = timedelta(days=2)
MOST_AT_ONCE = 200


def forget_unused() -> int:
    """Forget uploads that nothing has named for two days; returns how many."""
    unused = Upload.objects.filter(uploaded_at__lte=clock.now() - KEPT_FOR)
    for field in Upload._meta.get_fields(include_hidden=True):
        if isinstance(field, ForeignObjectRel) and (field.one_to_many or field.one_to_one):
            named = field.field.model._default_manager.filter(**{field.field.name: OuterRef("pk")})
            unused = unused.exclude(Exists(named))
    return forget(unused.order_by("pk")[:MOST_AT_ONCE])
