"""The only writer of disputes. Each step is one transaction; the matter's row is taken before the dispute's.

The holder of the matter stays until a ruling says otherwise, and no clock of the matter or of a report ever stops for it.
"""

from doudi.web.disputes.services.door import Applied, apply_for_transfer, refer_application
from doudi.web.disputes.services.hearing import delegate_absent, invite, invite_body, renew_link, state, state_by_link
from doudi.web.disputes.services.levels import propose, raise_level, withdraw
from doudi.web.disputes.services.opening import open_dispute
from doudi.web.disputes.services.ruling import NewRuling, rule
from doudi.web.disputes.services.timing import sweep

__all__ = [
    "Applied", "NewRuling", "apply_for_transfer", "delegate_absent", "invite", "invite_body", "open_dispute", "propose", "raise_level",
    "refer_application", "renew_link", "rule", "state", "state_by_link", "sweep", "withdraw",
]
