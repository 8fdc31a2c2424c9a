"""The only writers of the index: it follows the journal, joins its parts, and can be made anew."""

from doudi.web.search.services.following import follow, follow_when_due
from doudi.web.search.services.making import make_anew, make_on, records

__all__ = ["follow", "follow_when_due", "make_anew", "make_on", "records"]
