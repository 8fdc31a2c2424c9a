"""The only writer of crews, orders and reported problems. What a crew does is told by the events of the matter."""

from doudi.web.backstop.services.crews import NewCrew, NewPrice, end_crew, save_crew
from doudi.web.backstop.services.orders import arrive, call_off, finish, send_crew
from doudi.web.backstop.services.owners import search_owner, settle_task
from doudi.web.backstop.services.places import end_place
from doudi.web.backstop.services.problems import report_problems
from doudi.web.backstop.services.spots import make_unit

__all__ = [
    "NewCrew",
    "NewPrice",
    "arrive",
    "call_off",
    "end_crew",
    "end_place",
    "finish",
    "make_unit",
    "report_problems",
    "save_crew",
    "search_owner",
    "send_crew",
    "settle_task",
]
