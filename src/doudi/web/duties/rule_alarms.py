"""A fault in the duties stops nothing and is never silent: the duty desk is alarmed, once for each fault of each version."""

from __future__ import annotations

from hashlib import sha256

from django.urls import reverse

from doudi.engine.messages import msg
from doudi.engine.rules.vocabulary import RuleNotice
from doudi.web.duties.queries import book_faults, duty_desk
from doudi.web.duties.services import BackstopError
from doudi.web.notices.models import Notice
from doudi.web.notices.services import send
from doudi.web.registry.declared import NoticeKind
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.rulebook.services import RulebookError

RULE_FAULT = NoticeKind(RuleNotice.RULE_FAULT, "职责规则要改：{fault}")


def alarm_rule_faults() -> int:
    """Tell the desk of each fault that it was not told of yet; returns how many."""
    try:
        rulebook, desk = rulebook_on(), duty_desk()
    except (RulebookError, BackstopError):
        return 0  # the start-up checks say it
    faults = {
        f"rule_fault:{rulebook.version.number}:{sha256(str(one).encode()).hexdigest()[:32]}": one
        for one in book_faults(rulebook)
    }
    told = set(Notice.objects.filter(key__in=list(faults)).values_list("key", flat=True))
    return send(
        (desk, RULE_FAULT.kind, key, msg(RULE_FAULT.text, fault=fault), reverse("duties"), True)
        for key, fault in faults.items()
        if key not in told
    )
