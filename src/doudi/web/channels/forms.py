"""Setting up a channel, and whom it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.engine.channels.vocabulary import ChannelKind
from doudi.web.channels.models import Channel, Way
from doudi.web.channels.services import NewChannel
from doudi.web.people.models import Post
from doudi.web.people.queries import active_posts

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_ADDRESS: Mapping[str, StrOrPromise] = {
    ChannelKind.SMTP: gettext_lazy("邮件服务器（主机名:端口）"),
    ChannelKind.SMS: gettext_lazy("网关网址"),
    ChannelKind.WECOM: gettext_lazy("机器人的 Webhook 网址"),
    ChannelKind.DINGTALK: gettext_lazy("机器人的 Webhook 网址"),
}
_SECRET: Mapping[str, StrOrPromise] = {
    ChannelKind.SMTP: gettext_lazy("邮箱密码或授权码"),
    ChannelKind.SMS: gettext_lazy("令牌"),
    ChannelKind.DINGTALK: gettext_lazy("加签密钥（SEC 开头，没有就不填）"),
}
_EXAMPLE = '{"mobile": "{phone}", "template": "", "params": ["{number}", "{kind}", "{due}"]}'


class ChannelForm(forms.Form):
    """What a channel of one kind needs; a secret that stands is not shown again, and stays when nothing is typed."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    address = forms.CharField(max_length=400)
    account = forms.CharField(label=gettext_lazy("登录账号"), required=False, max_length=120)
    sender = forms.CharField(label=gettext_lazy("发件人邮箱"), required=False, max_length=120)
    secret = forms.CharField(
        required=False,
        max_length=400,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("加密保存，不再显示；不改就不填"),
    )
    template = forms.CharField(
        label=gettext_lazy("报文模板（JSON）"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy("照网关的说明写，花括号里是要填的：{phone} {number} {kind} {place} {due} {link} {id}"),
    )
    per_minute = forms.IntegerField(
        label=gettext_lazy("每分钟最多几条"),
        min_value=1,
        max_value=5000,
        help_text=gettext_lazy("群机器人一般是 20 条"),
    )

    def __init__(self, kind: str, data: Mapping[str, object] | None = None, channel: Channel | None = None) -> None:
        standing = (
            {
                "name": channel.name,
                "address": channel.address,
                "account": channel.account,
                "sender": channel.sender,
                "template": channel.template,
                "per_minute": channel.per_minute,
            }
            if channel
            else {
                "per_minute": 1000 if kind == ChannelKind.SMTP else 20,
                "template": '{"mobile": "{phone}", "template": "", "params": ["{number}", "{kind}", "{due}"]}',
            }
        )
        super().__init__(data, initial=standing)
        self.kind = kind
        self.fields["address"].label = _ADDRESS[kind]
        if kind in _SECRET:
            self.fields["secret"].label = _SECRET[kind]
        else:
            del self.fields["secret"]
        for name in ("account", "sender") if kind != ChannelKind.SMTP else ():
            del self.fields[name]
        if kind != ChannelKind.SMS:
            del self.fields["template"]

    def new(self) -> NewChannel:
        said = self.cleaned_data
        return NewChannel(
            self.kind,
            **{name: said[name] for name in self.fields},
        )


class OwnWayForm(forms.Form):
    """Where a person wants to be told, what, and when not."""

    channel = forms.ModelChoiceField(Channel.objects.none(), label=gettext_lazy("渠道"))
    to = forms.CharField(label=gettext_lazy("邮箱或手机号"), max_length=120)
    what = forms.ChoiceField(label=gettext_lazy("送什么"), choices=Way.What.choices, initial=Way.What.URGENT)
    quiet_since = forms.TimeField(
        label=gettext_lazy("从几点起不打扰"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("到几点"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("这段时间里的到点再送；危及生命的随时送"),
    )

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        from doudi.web.channels.queries import personal_channels

        super().__init__(data)
        field = self.fields["channel"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = personal_channels()

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        if (said.get("quiet_since") is None) != (said.get("quiet_until") is None):
            self.add_error("quiet_until", _("不打扰的时间要有起有止。"))
        return said


class GroupWayForm(forms.Form):
    """The post whose notices a group is told."""

    post = forms.ModelChoiceField(Post.objects.none(), label=gettext_lazy("哪个岗位的通知"))
    what = forms.ChoiceField(label=gettext_lazy("送什么"), choices=Way.What.choices, initial=Way.What.URGENT)

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        field = self.fields["post"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = active_posts().order_by("office__name", "name")
