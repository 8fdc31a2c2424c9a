"""What the desk's pages read. Everything begins at ``matters.queries.visible`` or ``visible_reports``."""

from doudi.web.desk.queries.searching import search, search_reports, search_units

__all__ = ["search", "search_reports", "search_units"]
