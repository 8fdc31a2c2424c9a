"""The only writer of imports: a file's rows become reports, and no bad row takes its neighbours along.

A row is known by its system and id, so a file may come twice, or be broken off and begun again, and changes nothing.
"""

from doudi.web.upstream.services.answering import WritebackError, confirm_file, take_along, take_file_back
from doudi.web.upstream.services.bringing import (
    ImportStateError,
    begin,
    choose_columns,
    continue_import,
    import_file,
    let_in,
    look_ahead,
    preview_file,
    resume,
    set_going,
    throw_away,
    work,
)
from doudi.web.upstream.services.forgetting import erase_rows, forget_files, forget_rows
from doudi.web.upstream.services.mending import add_change, drop_fault, mend_fault
from doudi.web.upstream.services.surveying import ColumnsNeededError, Survey, settle, survey

__all__ = [
    "ColumnsNeededError",
    "ImportStateError",
    "Survey",
    "WritebackError",
    "add_change",
    "begin",
    "choose_columns",
    "confirm_file",
    "continue_import",
    "drop_fault",
    "erase_rows",
    "forget_files",
    "forget_rows",
    "import_file",
    "let_in",
    "look_ahead",
    "mend_fault",
    "preview_file",
    "resume",
    "set_going",
    "settle",
    "survey",
    "take_along",
    "take_file_back",
    "throw_away",
    "work",
]
