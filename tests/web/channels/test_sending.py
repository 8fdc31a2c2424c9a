"""What is urgent reaches a person outside the pages, once, or says that it may have come twice."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web import clock
from doudi.web.channels import services
from doudi.web.channels.models import Channel, Delivery, Way
from doudi.web.channels.services import sending
from doudi.web.fsck.queries import examine as faults
from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Notice
from doudi.web.timers.running import run_due
from tests.web.channels.conftest import Http, MailServer, own
from tests.web.desk.conftest import Visitor, report
from tests.web.town import TUESDAY, actor

GAS = "楼下有很浓的煤气味，有人晕倒了"


def run(after: timedelta = timedelta()) -> None:
    with clock.at(TUESDAY + after):
        while run_due():
            pass


def planned() -> None:
    """The notices are there, and which way each goes; nothing is sent yet."""
    while run_due(sweep=False):
        pass
    services.plan_deliveries()


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Delivery.objects.order_by("pk").values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def danger(town: SimpleNamespace, words: str = GAS, **more: Any) -> Matter:
    return report(town, words, **more)


def test_mail_tells_what_may_leave_and_nothing_else(town: SimpleNamespace, by_mail: Channel, mail: MailServer) -> None:
    own(town.people.grid_east, by_mail, "grid@example.cn")
    matter = danger(town, phone="13912345678", name="章某人")
    run()
    [told] = mail.mails
    text = told.get_content()
    assert told["To"] == "grid@example.cn" and "生命安全" in told["Subject"]
    assert matter.number[-4:-1] in text and "东苑面馆" in text and "燃气" in text and "/n/" in text
    assert not any(word in text for word in ("煤气味", "晕倒", "13912345678", "章某人"))
    assert states() == {"sent": 1} and not list(faults())


def test_of_what_is_secret_only_that_there_is_something(
    town: SimpleNamespace, by_mail: Channel, mail: MailServer
) -> None:
    own(town.people.grid_east, by_mail, "grid@example.cn")
    matter = danger(town, f"{GAS}，请保密")
    assert matter.secret
    run()
    text = mail.texts[0]
    assert (
        "请登录查看" in text and "东苑面馆" not in text and matter.number[-4:-1] not in re.sub(r"\S+/n/\S+", "", text)
    )


def test_the_link_acknowledges_once_for_one_person(town: SimpleNamespace, by_mail: Channel, mail: MailServer) -> None:
    own(town.people.grid_east, by_mail, "grid@example.cn")
    danger(town)
    run()
    found = re.search(r"/n/(\S+)", mail.texts[0])
    assert found
    path, nobody = found[0], Visitor(None)
    page = nobody.read(path)
    assert "东苑面馆" in page and "煤气味" not in page
    assert not Notice.objects.filter(read_at__isnull=False).exists(), "to look is not to say so"
    assert "已记下" in nobody.press(path).content.decode()
    notice = Notice.objects.get(read_at__isnull=False)
    assert notice.read_by == town.people.grid_east
    assert Leaf.objects.filter(body__contains="message_acknowledged").count() == 1
    nobody.press(path)
    assert Leaf.objects.filter(body__contains="message_acknowledged").count() == 1
    nobody.read("/n/somethingelse", 404)
    with clock.at(TUESDAY + timedelta(days=3, minutes=1)):
        nobody.read(path, 404)


def test_what_was_read_meanwhile_is_not_sent(town: SimpleNamespace, by_mail: Channel, mail: MailServer) -> None:
    own(town.people.grid_east, by_mail, "grid@example.cn")
    danger(town)
    planned()
    Notice.objects.update(read_at=TUESDAY)
    run()
    assert not mail.mails and states() == {"dropped": 1}


def test_quiet_hours_hold_but_for_life(town: SimpleNamespace, by_mail: Channel, mail: MailServer) -> None:
    here = TUESDAY.astimezone(clock.TOWN_ZONE)
    quiet = (here.time(), (here + timedelta(hours=2)).time())
    own(town.people.grid_east, by_mail, "grid@example.cn", quiet=quiet)
    matter = danger(town)
    run()
    assert len(mail.mails) == 1, "life is told at any hour"
    Matter.objects.filter(pk=matter.pk).update(lane="urgent")
    Delivery.objects.all().delete()
    services.plan_deliveries()
    due = set(Delivery.objects.values_list("due_at", flat=True))
    assert {one.astimezone(clock.TOWN_ZONE).time() for one in due} == {quiet[1]}


def test_who_sits_nowhere_any_more_is_told_nothing(town: SimpleNamespace, by_mail: Channel, mail: MailServer) -> None:
    way = own(town.people.grid_east, by_mail, "grid@example.cn")
    services.end_way(actor(town.people.grid_east), way)
    own(town.people.west_officer, by_mail, "west@example.cn")
    danger(town)
    run()
    assert not mail.mails and not Delivery.objects.exists()


def test_a_group_is_told_all_that_waits_at_once(
    town: SimpleNamespace, robot: Callable[..., Channel], http: Http
) -> None:
    channel = robot()
    services.add_way(actor(town.people.admin), channel, post=town.posts["grid.east"])
    for at in range(20):
        danger(town, f"{at + 1}号楼下有很浓的煤气味，有人晕倒了")
    run()
    assert len(http.asked) == 1 and states() == {"sent": 20}
    text = http.texts[0]
    assert text.count("生命安全") == 15 and "另有 5 件" in text and "/n/" not in text and "/notices" in text
    assert len(text.encode()) <= 2048
    page = Visitor(town.people.admin).read(channel.get_absolute_url())
    assert page.count("东片网格长") >= 20 and "已发" in page


def test_a_robot_is_never_asked_more_than_it_takes(
    town: SimpleNamespace, robot: Callable[..., Channel], http: Http
) -> None:
    channel = robot(per_minute=2)
    services.add_way(actor(town.people.admin), channel, post=town.posts["grid.east"])
    for at in range(5):
        with clock.at(TUESDAY + timedelta(seconds=at)):
            danger(town, f"{at + 1}号楼下有很浓的煤气味，有人晕倒了")
            planned()
            services.send({"channel": str(channel.pk)})
    assert len(http.asked) == 2 and states() == {"sent": 2, "waiting": 3}
    run(timedelta(seconds=70))
    assert len(http.asked) == 3 and states() == {"sent": 5}


def test_dingtalk_is_signed(town: SimpleNamespace, robot: Callable[..., Channel], http: Http) -> None:
    services.add_way(actor(town.people.admin), robot("dingtalk", "SECtest"), post=town.posts["grid.east"])
    danger(town)
    run()
    asked = http.query(0)
    [moment], [sign] = asked["timestamp"], asked["sign"]
    expected = base64.b64encode(hmac.new(b"SECtest", f"{moment}\nSECtest".encode(), sha256).digest()).decode()
    assert sign == expected and asked["key"] == ["k1"]


def test_a_robot_that_says_too_fast_is_let_be(town: SimpleNamespace, robot: Callable[..., Channel], http: Http) -> None:
    channel = robot("dingtalk")
    services.add_way(actor(town.people.admin), channel, post=town.posts["grid.east"])
    http.answers.append((200, {"errcode": 130101, "errmsg": "send too fast"}, 0.0))
    danger(town)
    run()
    run(timedelta(minutes=9))
    assert len(http.asked) == 1, "for ten minutes nothing is asked of it"
    run(timedelta(minutes=11))
    assert len(http.asked) == 2
    run(timedelta(minutes=12))
    assert states().keys() == {"sent"}, "and what came meanwhile"
    channel.refresh_from_db()
    assert (channel.failures, channel.last_error) == (0, "")


def test_a_gateway_gets_its_own_message(town: SimpleNamespace, by_sms: Channel, http: Http) -> None:
    own(town.people.grid_east, by_sms, "139 0000 0000")
    danger(town)
    http.answers.append((200, {"code": 0}, 0.0))
    run()
    [(path, body, headers)] = http.asked
    assert path == "/sms" and body["mobile"] == "13900000000" and body["tpl"] == "T-1"
    assert body["params"][2].startswith("东苑面馆") and "/n/" in body["params"][4]
    assert headers["Authorization"].startswith("Bearer ") and headers["Idempotency-Key"]


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        ((500, {}, 0.0), True),
        ((429, {}, 0.0), True),
        ((503, {}, 0.0), True),
        ((400, {}, 0.0), False),
        ((302, {}, 0.0), False),
        ((200, {"code": 17, "msg": "余额不足"}, 0.0), False),
    ],
)
def test_what_does_not_go_is_tried_again_or_given_up(
    town: SimpleNamespace, by_sms: Channel, http: Http, answer: tuple[int, object, float], *, again: bool
) -> None:
    own(town.people.grid_east, by_sms, "13900000000")
    danger(town)
    http.answers.append(answer)
    run()
    assert len(http.asked) == 1 and all(path == "/sms" for path, *_ in http.asked), "elsewhere nobody is asked"
    row = Delivery.objects.get()
    assert row.state == ("waiting" if again else "failed") and row.error
    if again:
        http.answers.append((200, {"code": 0}, 0.0))
        run(timedelta(minutes=3))
        assert states() == {"sent": 1} and http.asked[0][1] == http.asked[1][1] | {"params": http.asked[0][1]["params"]}
    else:
        run(timedelta(minutes=6))
        notices = Notice.objects.filter(kind="channel_failing")
        assert {one.post_id for one in notices} == {"admin"} and notices.count() == 1


def test_after_many_tries_it_is_given_up_and_may_be_tried_anew(
    town: SimpleNamespace, by_mail: Channel, mail: MailServer
) -> None:
    own(town.people.grid_east, by_mail, "grid@example.cn")
    danger(town)
    planned()
    mail.answers.extend(["451 later"] * 20)
    for hour in range(8):
        for minute in (0, 20, 40):
            with clock.at(TUESDAY + timedelta(hours=hour, minutes=minute)):
                services.plan_sending()
                services.send({"channel": str(by_mail.pk)})
    assert states() == {"failed": 1} and Delivery.objects.get().attempts == len(sending.PATIENCE) + 1
    mail.answers.clear()
    assert services.try_again(actor(town.people.admin), by_mail) == 1
    services.send({"channel": str(by_mail.pk)})
    assert len(mail.mails) == 1 and states() == {"sent": 1}


def test_what_is_changed_past_the_services_is_found(town: SimpleNamespace, by_mail: Channel, mail: MailServer) -> None:
    own(town.people.grid_east, by_mail, "grid@example.cn")
    danger(town)
    run()
    Delivery.objects.update(sent_at=None)
    assert [one.code for one in faults()] == ["delivery.sent_at"]
    Delivery.objects.update(state="sending", leased_until=TUESDAY - timedelta(hours=2))
    assert [one.code for one in faults()] == ["delivery.in_hand"]


def test_one_bad_address_stops_nobody_else(town: SimpleNamespace, by_mail: Channel, mail: MailServer) -> None:
    own(town.people.grid_east, by_mail, "grid@example.cn")
    for at in range(3):
        danger(town, f"{at + 1}号楼下有很浓的煤气味，有人晕倒了")
    mail.answers.extend(["550 no such user"])
    run()
    assert states() == {"failed": 1, "sent": 2} and len(mail.sessions) == 1, "one connection for all"


def test_who_falls_between_sending_and_noting_says_that_it_may_come_twice(
    town: SimpleNamespace, by_mail: Channel, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(town.people.grid_east, by_mail, "grid@example.cn")
    danger(town)
    planned()

    class Fell(BaseException):
        pass

    real = sending.message

    def falls(*args: Any) -> Any:
        made = real(*args)
        monkeypatch.setattr(sending.Delivery.objects, "filter", fell)
        return made

    def fell(*_args: object, **_named: object) -> Any:
        monkeypatch.undo()
        raise Fell

    monkeypatch.setattr(sending, "message", falls)
    with pytest.raises(Fell):
        services.send({"channel": str(by_mail.pk)})
    assert len(mail.mails) == 1 and states() == {"sending": 1}
    run(timedelta(minutes=1))
    assert len(mail.mails) == 1, "its lease still runs"
    run(timedelta(minutes=3))
    assert len(mail.mails) == 2 and states() == {"sent": 1}
    first, second = mail.mails
    assert first["Message-ID"] == second["Message-ID"], "a mail program that knows it shows one"
    assert "可能重复" not in mail.texts[0] and "可能重复" in mail.texts[1]


def test_a_slow_gateway_is_let_be(
    town: SimpleNamespace, by_sms: Channel, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doudi.web.channels.senders.posting.SECONDS", 0.2)
    own(town.people.grid_east, by_sms, "13900000000")
    for at in range(3):
        danger(town, f"{at + 1}号楼下有很浓的煤气味，有人晕倒了")
    http.answers.append((200, {"code": 0}, 1.0))
    run()
    assert len(http.asked) == 1 and states() == {"waiting": 3}, "the others do not wait for it, too"
    by_sms.refresh_from_db()
    assert by_sms.retry_at == TUESDAY + timedelta(minutes=1) and "连不上" in by_sms.last_error


def test_a_digest_goes_once_a_day_to_who_wants_all(town: SimpleNamespace, by_mail: Channel, mail: MailServer) -> None:
    own(town.people.desk, by_mail, "desk@example.cn", what=Way.What.ALL)
    own(town.people.shift, by_mail, "shift@example.cn")
    report(town, "有人占道摆摊")
    run(timedelta(hours=1))
    assert not mail.mails
    for minutes in (0, 10, 60):
        run(timedelta(hours=7, minutes=minutes))
    told = [one for one in mail.mails if "汇总" in one.get_content()]
    assert [one["To"] for one in told] == ["desk@example.cn"]


def test_two_workers_send_one_message(town: SimpleNamespace, by_mail: Channel, mail: MailServer) -> None:
    own(town.people.grid_east, by_mail, "grid@example.cn")
    danger(town)
    planned()
    seen = sending._groups(by_mail, 10)
    services.send({"channel": str(by_mail.pk)})
    with sending.opened(by_mail) as sender:
        for group in seen:
            assert sending._go(by_mail, sender, group)
    assert len(mail.mails) == 1


def test_what_is_left_when_its_seconds_are_over_goes_on_by_itself_but_not_for_ever(
    town: SimpleNamespace, by_mail: Channel, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(town.people.grid_east, by_mail, "grid@example.cn")
    for at in range(4):
        danger(town, f"{at + 1}号楼下有很浓的煤气味，有人晕倒了")
    ticks = iter(range(1000))
    monkeypatch.setattr(sending, "monotonic", lambda: next(ticks))
    monkeypatch.setattr(sending, "SECONDS_PER_JOB", 1.5)
    monkeypatch.setattr(sending, "GOES_ON", 2)
    came = []
    for seconds in (0, 2, 4, 6, 20):
        run(timedelta(seconds=seconds))
        came.append(len(mail.mails))
    assert came == [1, 2, 3, 3, 4], "one in each job; after the last the next look begins anew"
