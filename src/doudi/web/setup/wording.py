"""What the steps of a trial are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

TRIED = {
    "received": _("受理，落到"),
    "dispatched": _("研判派遣"),
    "taken": _("接单"),
    "supported": _("协办"),
    "tasked": _("免办任务"),
    "handled": _("处置"),
    "checked": _("核查"),
    "answered": _("答复"),
    "closed": _("办结"),
}
