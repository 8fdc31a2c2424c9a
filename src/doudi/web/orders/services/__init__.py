"""The only writer of systems above, and of what their orders live through."""

from doudi.web.orders.services.applying import answer_above, apply_above
from doudi.web.orders.services.asking_signers import ask_signers
from doudi.web.orders.services.describing import Description, describe
from doudi.web.orders.services.stepping import Said, take_step

__all__ = ["Description", "Said", "answer_above", "apply_above", "ask_signers", "describe", "take_step"]
