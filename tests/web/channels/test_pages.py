"""Setting up channels, choosing ways, and what others find there."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from doudi.web.channels.models import Channel, Way
from tests.web.channels.conftest import TEMPLATE, Http, MailServer, own
from tests.web.desk.conftest import Visitor, content


@pytest.fixture
def admin(town: SimpleNamespace) -> Visitor:
    return Visitor(town.people.admin)


def test_a_robot_is_set_up_tried_and_given_a_post(town: SimpleNamespace, admin: Visitor, http: Http) -> None:
    assert "还没有渠道" in admin.read("/channels")
    fields = {"name": "东片群", "address": f"{http.url}/send?key=k1", "per_minute": "20"}
    answer = admin.press("/channels/new/wecom", **fields)
    assert answer.status_code == 302
    here = answer["Location"]
    assert admin.press(f"{here}/try").status_code == 302 and "测试消息" in http.texts[0]
    assert admin.press(f"{here}/groups", post="grid.east", what="urgent").status_code == 302
    assert "东片网格长" in admin.read(here)
    again = admin.press(f"{here}/groups", post="grid.east", what="urgent")
    assert again.status_code == 409 and "已经有了" in content(again)
    http.answers.append((200, {"errcode": 93000, "errmsg": "invalid webhook url"}, 0.0))
    admin.press(f"{here}/try")
    assert "没有收下" in admin.read(here)
    way = Way.objects.get()
    assert admin.press(f"/channels/ways/{way.pk}/end").status_code == 302
    assert admin.press(f"{here}/switch").status_code == 302 and "已停用" in admin.read("/channels")


def test_a_secret_is_kept_and_never_shown(town: SimpleNamespace, admin: Visitor, mail: MailServer) -> None:
    fields = {
        "name": "邮箱",
        "address": f"127.0.0.1:{mail.port}",
        "sender": "a@b.example.cn",
        "secret": "very-secret-1",
        "per_minute": "1000",
    }
    here = admin.press("/channels/new/smtp", **fields)["Location"]
    assert "very-secret-1" not in admin.read(here)
    assert admin.press(here, **fields | {"secret": "", "name": "新名字"}).status_code == 302
    row = Channel.objects.get()
    assert (str(row.secret), row.name) == ("very-secret-1", "新名字")
    assert admin.press(f"{here}/try", to="x@example.cn").status_code == 302 and len(mail.mails) == 1


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("smtp", {"address": "http://mail.example.cn"}),
        ("smtp", {"address": "mail.example.cn:99999"}),
        ("smtp", {"sender": "nobody"}),
        ("wecom", {"address": "ftp://example.cn/x"}),
        ("wecom", {"address": "https://user:pass@example.cn/x"}),
        ("sms", {"template": "{"}),
        ("sms", {"template": '{"a": "{number}"}'}),
        ("wecom", {"per_minute": "0"}),
    ],
)
def test_what_cannot_work_is_said_at_once(admin: Visitor, kind: str, wrong: dict[str, str]) -> None:
    sound = {"smtp": "mail.example.cn:465"}.get(kind, "https://example.cn/x")
    fields = {"name": "某渠道", "address": sound, "sender": "a@b.cn", "template": TEMPLATE, "per_minute": "20"}
    answer = admin.press(f"/channels/new/{kind}", **fields | wrong)
    assert answer.status_code == 400 and not Channel.objects.exists()
    assert admin.press(f"/channels/new/{kind}", **fields).status_code == 302


def test_everybody_chooses_for_himself(town: SimpleNamespace, by_mail: Channel, by_sms: Channel) -> None:
    me = Visitor(town.people.grid_east)
    fields = {"channel": str(by_mail.pk), "to": "grid@example.cn", "what": "urgent"}
    assert me.press("/me/ways", **fields, quiet_since="22:00").status_code == 400
    assert me.press("/me/ways", **fields | {"to": "没有"}).status_code == 409
    assert me.press("/me/ways", **fields, quiet_since="22:00", quiet_until="07:00").status_code == 302
    assert "grid@example.cn" in me.read("/me/ways") and "22:00–07:00" in me.read("/me/ways")
    assert me.press("/me/ways", **fields).status_code == 409
    way = Way.objects.get()
    assert Visitor(town.people.east_officer).press(f"/channels/ways/{way.pk}/end").status_code == 404
    assert me.press(f"/channels/ways/{way.pk}/end").status_code == 302
    assert "grid@example.cn" not in me.read("/me/ways")


def test_an_address_of_somebody_is_not_for_others(town: SimpleNamespace, admin: Visitor, by_mail: Channel) -> None:
    own(town.people.grid_east, by_mail, "grid@example.cn")
    page = admin.read(by_mail.get_absolute_url())
    assert "grid_east先生" in page and "grid@example.cn" not in page


@pytest.mark.parametrize("who", ["desk", "leader", "east_officer", "auditor", "grid_east"])
def test_only_who_runs_the_town_sets_channels(town: SimpleNamespace, by_mail: Channel, who: str) -> None:
    visitor = Visitor(getattr(town.people, who))
    for path in ("/channels", "/channels/new/sms", by_mail.get_absolute_url()):
        visitor.read(path, 404)
    visitor.read("/me/ways")
