"""The only writer of mandatory reports."""

from doudi.web.mandatory.services.erasing import block_said, erase_said, unblock_said
from doudi.web.mandatory.services.listening import listen, listen_to
from doudi.web.mandatory.services.telling import lift, tell

__all__ = ["block_said", "erase_said", "lift", "listen", "listen_to", "tell", "unblock_said"]
