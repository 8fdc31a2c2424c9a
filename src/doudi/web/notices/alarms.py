"""What looks like an attack is told to shift leaders and system administrators: seen, and by whom it can be looked into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from doudi.engine.messages import msg
from doudi.engine.people.vocabulary import PeopleNotice
from doudi.web.notices.services import send
from doudi.web.people.access import Access
from doudi.web.people.queries import posts_with

_SAID = {
    "password": "十分钟里有人用同一个密码试了 {count} 个账号，最近来自 {address}。账号没有停用，试得多的要等；请核对有没有人用了常见密码。",
    "address": "十分钟里 {address} 试错了 {count} 个不同的账号。账号没有停用，试得多的要等；是办公室的出口就请问一声同事。",
    "reports": "诉求来得太多：{address} 等处来的，除了险情都先放进“待甄别”，一条也没有拒收。请看看是真有大事，还是有人捣乱。",
    "codes": "十分钟里有人试了 {count} 个不存在的码，最近来自 {address}：可能在猜码牌上的码。码牌照常使用。",
}


def tell_of_attack(payload: Mapping[str, Any]) -> None:
    """``payload``: what ("password", "address", "reports", "codes"), how many, from where, and the key that makes it one alarm."""
    sentence = msg(_SAID[payload["what"]], count=payload["count"], address=payload["address"])
    posts = {*posts_with(Access.SHIFT_LEADER), *posts_with(Access.SYSTEM_ADMIN)}
    send(
        (post, PeopleNotice.ATTACK, f"{payload['key']}:{post}", sentence, reverse("system"), True)
        for post in sorted(posts)
    )
