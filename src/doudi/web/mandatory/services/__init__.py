"""The only writer of mandatory reports."""

from doudi.web.mandatory.services.listening import listen, listen_to
from doudi.web.mandatory.services.telling import lift, tell

__all__ = ["lift", "listen", "listen_to", "tell"]
