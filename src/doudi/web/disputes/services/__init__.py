"""The only writer of disputes. Each step is one transaction; the matter's row is taken before the dispute's.

The holder of the matter stays until a ruling says otherwise, and no clock of the matter or of a report ever stops for it.
"""

from doudi.web.disputes.services.carrying import NewCarrier, name_carrier
from doudi.web.disputes.services.erasing import block_said, erase_said, unblock_said
from doudi.web.disputes.services.hearing import (
    give_statement,
    give_statement_by_link,
    invite,
    invite_body,
    note_absence,
    renew_link,
)
from doudi.web.disputes.services.levels import propose, raise_level, withdraw
from doudi.web.disputes.services.opening import open_dispute
from doudi.web.disputes.services.recounting import recount_provisional
from doudi.web.disputes.services.ruling import NewRuling, rule
from doudi.web.disputes.services.timing import sweep
from doudi.web.disputes.services.transfer_gate import (
    Applied,
    apply_for_transfer,
    object_to_taking,
    refer_application,
)

__all__ = [
    "Applied",
    "NewCarrier",
    "NewRuling",
    "apply_for_transfer",
    "block_said",
    "erase_said",
    "give_statement",
    "give_statement_by_link",
    "invite",
    "invite_body",
    "name_carrier",
    "note_absence",
    "object_to_taking",
    "open_dispute",
    "propose",
    "raise_level",
    "recount_provisional",
    "refer_application",
    "renew_link",
    "rule",
    "sweep",
    "unblock_said",
    "withdraw",
]
