"""Photographs handed to those who may see them: colleagues by their seats, reporters by their secret link."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from doudi.web.files.models import Upload
from doudi.web.files.pages import serve
from doudi.web.matters.queries import may_see_upload
from doudi.web.people.guard import ActorRequest, public
from doudi.web.reports.queries import by_token
from doudi.web.scan.queries import photo_for_reporter


@public  # for strangers no photograph is there, rather than a page to sign in at
@require_safe
def for_staff(request: ActorRequest, upload_id: UUID, small: bool = False) -> HttpResponseBase:
    upload = Upload.objects.filter(pk=upload_id).first()
    # A file that is not theirs and one that is not there look the same.
    if upload is None or not may_see_upload(request.actor, upload):
        raise Http404
    return serve(upload, small=small)


@public
@require_safe
def for_reporter(request: ActorRequest, token: str, upload_id: UUID, small: bool = False) -> HttpResponseBase:
    report = by_token(token)
    photo = photo_for_reporter(report, upload_id) if report else None
    if photo is None:
        raise Http404
    return serve(photo, small=small)
