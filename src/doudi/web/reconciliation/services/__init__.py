"""The only writer of comparisons with the lists of the systems above."""

from doudi.web.reconciliation.services.comparing import explain, reconcile

__all__ = ["explain", "reconcile"]
