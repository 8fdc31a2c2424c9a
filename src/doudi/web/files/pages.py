"""How a stored file is handed to a browser. Who may have it is asked above, where reports and matters are known."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase

from doudi.web.files.models import Upload
from doudi.web.files.queries import file_of


def serve(upload: Upload, *, small: bool = False) -> HttpResponseBase:
    """Our own JPEG to look at; everything else only to save. Either way the browser treats it as a dead thing."""
    is_photo = upload.kind == Upload.Kind.PHOTO
    try:
        opened = file_of(upload, small=small and is_photo).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        opened,
        as_attachment=not is_photo,
        filename=f"{upload.pk}{upload.suffix}" if is_photo else upload.original_name,
        content_type="image/jpeg" if is_photo else "application/octet-stream",
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=3600, immutable"
    return response
