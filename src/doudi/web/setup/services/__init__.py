"""The only writer of what a town is set up with in the browser, of its sheets and its trials."""

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
from doudi.web.setup.services.loading_sheets import (
    answer,
    begin,
    is_stuck,
    lay_aside,
    mark_of,
    planned,
    write,
    write_waiting,
)
from doudi.web.setup.services.taking_back import take_back
from doudi.web.setup.services.trying import try_out

__all__ = [
    "SetupError",
    "answer",
    "back_up",
    "begin",
    "call_town",
    "fill_roles",
    "is_stuck",
    "lay_aside",
    "mark_of",
    "named_roles",
    "planned",
    "save_area",
    "save_office",
    "save_place",
    "save_post",
    "take_back",
    "try_out",
    "write",
    "write_waiting",
]
