"""The only writer of what a town is set up with in the browser, and of its trials."""

from doudi.web.setup.services.entering import (
    SetupError,
    back_up,
    call_town,
    fill_roles,
    named_roles,
    save_area,
    save_office,
    save_place,
    save_post,
)
from doudi.web.setup.services.trying import try_out

__all__ = [
    "SetupError",
    "back_up",
    "call_town",
    "fill_roles",
    "named_roles",
    "save_area",
    "save_office",
    "save_place",
    "save_post",
    "try_out",
]
