"""Signing in, how a person likes to read, new accounts, and who sits down where."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.design.fields import DayField
from doudi.web.design.picking import picked
from doudi.web.people.models import Person, Post
from doudi.web.people.queries import active_posts


class LoginForm(AuthenticationForm):
    """Name and password; a wrong one of either is told in the same words."""

    error_messages = {
        "invalid_login": _("账号或密码不对。密码区分大小写；忘记密码请联系系统管理员重置。"),
        "inactive": _("账号或密码不对。密码区分大小写；忘记密码请联系系统管理员重置。"),
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = _("账号")
        self.fields["password"].label = _("密码")


class ReadingForm(forms.Form):
    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    text = forms.ChoiceField(
        label=_("字号"), choices=[("normal", _("标准字号")), ("large", _("大字"))], widget=forms.RadioSelect
    )


class PasswordForm(forms.Form):
    """A new password for oneself; whether it is good enough is for the service to say."""

    old = forms.CharField(
        label=_("现在的密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("新密码再输一次"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, person: Person, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.person.check_password(old):
            raise forms.ValidationError(_("现在的密码不对。"))
        return old

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("两次输入的新密码不一样。"))
        return again


class PostField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic to the type checker alone
    """One of the posts that stand today, by office."""

    def __init__(self, **options: Any) -> None:
        widget = picked(forms.Select(), "posts")
        super().__init__(Post.objects.none(), empty_label=_("请选择"), widget=widget, **options)

    def __deepcopy__(self, memo: dict[int, Any]) -> PostField:
        # Each form asks again, since a post may end while the server runs.
        copy: PostField = super().__deepcopy__(memo)
        copy.queryset = active_posts().order_by("office__name", "name")
        return copy

    def label_from_instance(self, post: Post) -> str:
        return f"{post.office.name} · {post.name}"


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic to the type checker alone
    """Somebody whose account is open."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            Person.objects.filter(is_active=True).order_by("name", "username"),
            empty_label=_("请选择"),
            widget=picked(forms.Select(), "people"),
            **options,
        )

    def label_from_instance(self, person: Person) -> str:
        return f"{person.name}（{person.username}）"


class SeatForm(forms.Form):
    """When somebody sits down at a post, and until when; the days gone are not written again."""

    acting = forms.BooleanField(label=_("临时代理（正任不在时顶岗）"), required=False)
    since = DayField(label=_("到任日期"))
    until = DayField(label=_("离任日期"), required=False, help_text=_("当天起不再任岗；不写就是一直任到离岗。"))

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since < clock.today():
            raise forms.ValidationError(_("到任日期不能早于今天：以前谁在岗已经记下，不再改写。"))
        return since


class PersonSeatForm(SeatForm):
    """A post for a person."""

    post = PostField(label=_("岗位"))
    field_order = ("post", "acting", "since", "until")


class PostSeatForm(SeatForm):
    """A person for a post."""

    person = PersonField(label=_("人员"))
    field_order = ("person", "acting", "since", "until")


class NewAccountForm(forms.Form):
    """Somebody new: how they sign in, what they are called, and perhaps where they sit from today."""

    username = forms.RegexField(
        r"^[a-z][a-z0-9_.-]{1,58}$",
        label=_("登录名"),
        help_text=_("小写字母开头，可含数字、点、横线，至少两位；以后不能改。"),
        error_messages={"invalid": _("登录名用小写字母开头，可含数字、点、横线，至少两位。")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput({"autocomplete": "off"}))
    phone = forms.CharField(
        label=_("电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )
    post = PostField(
        label=_("今天起在哪个岗位"), required=False, help_text=_("可以以后再任岗；没有岗位就看不到任何事项。")
    )
    acting = forms.BooleanField(label=_("临时代理（正任不在时顶岗）"), required=False)
