"""What the kinds of background work are called."""

from __future__ import annotations

from doudi.engine.words import Words, words

KINDS: dict[str, Words] = {
    "notify_holder": words("通知承办岗"), "import": words("导入上级工单"), "tell_rulebook": words("通知规则手册的进展"),
    "replay": words("规则草案重演"), "notify_dispute": words("通知争议的各方"),
}  # fmt: skip
