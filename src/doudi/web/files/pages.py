"""How a stored file is handed to a browser. Who may have it is asked above, where reports and matters are known."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase

from doudi.web.files.models import Upload
from doudi.web.files.queries import file_of


def serve(upload: Upload, *, small: bool = False) -> HttpResponseBase:
    """Our own JPEG to look at, which the browser treats as a dead thing. A table is handed to nobody."""
    if upload.kind != Upload.Kind.PHOTO:
        raise Http404
    try:
        opened = file_of(upload, small=small).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, filename=f"{upload.pk}{upload.suffix}", content_type="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=3600, immutable"
    return response
